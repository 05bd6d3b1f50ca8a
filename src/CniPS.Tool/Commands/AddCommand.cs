using System.Threading;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips add</c>.</summary>
internal sealed class AddCommand : AttachmentCommand
{
    internal override string Name => "add";

    internal override string Summary => "Attaches a container to a network, and prints the result.";

    protected override int Run(
        CniRuntime runtime, NetworkConfigurationList network, Attachment attachment, bool plan, CancellationToken cancellation)
    {
        if (runtime.Add(network, attachment, cancellation) is { } result && !plan)
        {
            Terminal.Out.Line(result.ToJson(indented: true));
        }

        return Done;
    }

    // What is there already is refused, not repeated.
    protected override NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) => null;
}
