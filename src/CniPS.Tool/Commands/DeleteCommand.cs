using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips del</c>.</summary>
internal sealed class DeleteCommand : AttachmentCommand
{
    internal override string Name => "del";

    internal override string Operands => "<network> [<netns>]";

    internal override string Summary => "Takes a container off a network; once more does no harm.";

    internal override string Notes => base.Notes + "\nWhat is not given is as it was at ADD, from the cache; --container-id can stand for the namespace.";

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
