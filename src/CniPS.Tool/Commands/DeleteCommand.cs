using System.Threading;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips del</c>.</summary>
internal sealed class DeleteCommand : AttachmentCommand
{
    internal override string Name => "del";

    internal override string Summary => "Takes a container off a network; once more does no harm.";

    protected override int Run(
        CniRuntime runtime, NetworkConfigurationList network, Attachment attachment, bool plan, CancellationToken cancellation)
    {
        runtime.Delete(network, attachment, cancellation);
        return Done;
    }
}
