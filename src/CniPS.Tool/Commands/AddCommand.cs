using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips add</c>.</summary>
internal sealed class AddCommand : AttachmentCommand
{
    internal override string Name => "add";

    internal override string Summary => "Attaches a container to a network, and prints the result.";

    protected override int Run(Session session, NetworkConfigurationList network, Attachment attachment)
    {
        CniResult? result = session.Runtime.Add(network, attachment, session.Cancellation);
        if (!session.Plan)
        {
            if (result is not null)
            {
                Terminal.Out.Line(result.ToJson(indented: true));
            }
        }
        else if (session.Json)
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

    // What is there already is refused, not repeated.
    protected override NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) => null;
}
