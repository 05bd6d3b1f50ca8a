using CniPS.Plugin.Options;
using CniPS.Tool.Demo;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips demo</c>.</summary>
internal sealed class DemoCommand : Command
{
    internal override string Name => "demo";

    internal override string Summary => "Shows two containers on a bridge, in namespaces of its own; the machine stays as it is.";

    internal override string Notes =>
        """
        Needs root, or a kernel that lets ordinary users make namespaces; and unshare (util-linux). Every step is shown as the command
        that it stands for. It ends with 0 if everything was as it should be.
        """;

    protected override int Run(Arguments arguments) => !PrivateNamespaces.IsInside ? PrivateNamespaces.StartAgain()
        : new DemoStory().Tell() ? Done
        : Failed;
}
