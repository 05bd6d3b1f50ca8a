using CniPS.Plugin.Options;
using CniPS.Plugin.Protocol;
using CniPS.Plugins.Catalog;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips plugin</c>: what a link named as a plugin does.</summary>
internal sealed class PluginCommand : Command
{
    internal override string Name => "plugin";

    internal override string Operands => "<type>";

    internal override Completes CompletesOperand(int index) => Completes.Plugins;

    internal override string Summary => "Is a CNI plugin: environment and standard input as the specification has them.";

    internal override string Notes =>
        $"""
        Types: {string.Join(", ", NativePlugins.Types)}. CNI_COMMAND says what to do; without it, the plugin says who it is.
        {PluginExecution.SourceVariable}=path makes it delegate to programs on CNI_PATH even where it has the plugin built in.
        """;

    protected override int Run(Arguments arguments)
    {
        string type = arguments.Positionals[0];
        return NativePlugins.Find(type) is { } plugin
            ? PluginProgram.Run(plugin)
            : throw new UsageException($"there is no plugin {type} here: {string.Join(", ", NativePlugins.Types)}");
    }
}
