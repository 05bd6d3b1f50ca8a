using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips del</c>.</summary>
internal sealed class DeleteCommand : AttachmentCommand
{
    private static readonly Option s_all = new("--all", null, "Remove every attachment of the network that is in the cache, many at once.");

    internal override string Name => "del";

    internal override string Operands => "<network> [<netns>]";

    internal override string Summary => "Takes a container off a network; once more does no harm.";

    internal override string Notes => base.Notes + "\nWhat is not given is as it was at ADD, from the cache; --container-id can stand for the namespace.";

    internal override IReadOnlyList<Option> Options => [s_all, .. base.Options];

    protected override int Run(Session session)
    {
        if (!session.Arguments.Has(s_all))
        {
            return base.Run(session);
        }

        if (session.Arguments.Positionals.Count > 1 || session.Arguments.Has(AttachmentOptions.ContainerId) || session.Arguments.Has(AttachmentOptions.Interface))
        {
            throw new UsageException($"{s_all.Name} is of no namespace, container or interface: it removes all");
        }

        // Attachments outlive their network's file, and know how they were made.
        string network = session.Arguments.Positionals[0];
        return new BulkDeletion(session, NetworkNames.IsFile(network) ? session.FindNetwork(network).Name : network).Run();
    }

    protected override int Run(Session session, NetworkConfigurationList network, Attachment attachment)
    {
        session.Runtime.Delete(network, attachment, session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                writer.Attachment(network.Name, attachment.ContainerId, attachment.InterfaceName);
                session.WriteChanges(writer);
                writer.WriteEndObject();
            });
        }

        return Done;
    }
}
