using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Interop;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips add</c>.</summary>
internal sealed class AddCommand : AttachmentCommand
{
    internal override string Name => "add";

    internal override string Summary => "Attaches a container to a network, and prints the result.";

    protected override int Run(Session session, NetworkConfigurationList network, Attachment attachment)
    {
        if (!session.Plan)
        {
            session.Runtime.Add(network, attachment, Tell, session.Cancellation);
            return Done;
        }

        session.Runtime.Add(network, attachment, session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                session.WriteChanges(writer);
                writer.WriteEndObject();
            });
        }

        return Done;
    }

    private static void Tell(CniResult result)
    {
        Terminal.Out.Line(result.ToJson(indented: true));
        if (StandardStreams.Lost is { } reason)
        {
            throw ErrorReport.Untold(reason, "Make room behind it, or send it elsewhere, and do it again.");
        }
    }

    // What is there already is refused, not repeated.
    protected override NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) => null;
}
