using System.Threading;
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
        CniResult? result = session.Runtime.Add(network, attachment, session.Cancellation);
        if (!session.Plan)
        {
            if (result is not null)
            {
                Terminal.Out.Line(result.ToJson(indented: true));
                if (StandardStreams.Lost is not null)
                {
                    // Who isn't told of an attachment does not have it; a plugin program does the same.
                    session.Runtime.Delete(network, attachment, CancellationToken.None);
                }
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
