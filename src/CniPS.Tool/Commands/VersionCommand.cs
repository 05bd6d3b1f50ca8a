using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips version</c>.</summary>
internal sealed class VersionCommand : Command
{
    internal override string Name => "version";

    internal override string Summary => "Prints the versions of CniPS and of the specification.";

    protected override int Run(Arguments arguments)
    {
        Terminal.Out.Line($"cnips {Program.Version}");
        Terminal.Out.Line($"CNI protocol versions supported: {string.Join(", ", CniVersion.All)}");
        return Done;
    }
}
