using System.Collections.Generic;
using System.Threading;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips check</c>.</summary>
internal sealed class CheckCommand : AttachmentCommand
{
    internal override string Name => "check";

    internal override string Summary => "Says what of an attachment is not as it should be; exit code 3 if anything.";

    protected override int Run(
        CniRuntime runtime, NetworkConfigurationList network, Attachment attachment, bool plan, CancellationToken cancellation)
    {
        IReadOnlyList<Difference> differences = runtime.Check(network, attachment, cancellation);
        foreach (Difference difference in differences)
        {
            Terminal.Out.Line(difference.Message);
        }

        return differences.Count == 0 ? Done : Differs;
    }
}
