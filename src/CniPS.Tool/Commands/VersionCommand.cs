using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips version</c>.</summary>
internal sealed class VersionCommand : RuntimeCommand
{
    internal override string Name => "version";

    internal override string Operands => "[<plugin>...]";

    internal override string Summary => "Prints the versions of CniPS and of the specification, or those that plugins speak (VERSION).";

    internal override IReadOnlyList<Option> Options { get; } =
        [RuntimeSettings.PluginPath, RuntimeSettings.Source, RuntimeSettings.Timeout, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.Plugins;

    protected override int Run(Session session)
    {
        List<KeyValuePair<string, PluginVersionInfo>> plugins = [];
        foreach (string type in session.Arguments.Positionals)
        {
            plugins.Add(new(type, session.Runtime.Version(type, session.Cancellation)));
        }

        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, plugins));
        }
        else if (plugins.Count == 0)
        {
            Terminal.Out.Line($"cnips {ToolVersion.Text}");
            Terminal.Out.Line($"CNI protocol versions supported: {string.Join(", ", CniVersion.All)}");
        }

        foreach ((string type, PluginVersionInfo info) in session.Json ? [] : plugins)
        {
            Terminal.Out.Line($"{type}: {string.Join(", ", info.SupportedVersions)}");
        }

        return Done;
    }

    private static void Write(Utf8JsonWriter writer, List<KeyValuePair<string, PluginVersionInfo>> plugins)
    {
        writer.WriteStartObject();
        writer.WriteString("version", ToolVersion.Text);
        writer.WriteString("cniVersion", CniVersion.Current);
        writer.Strings("supportedVersions", CniVersion.All);
        if (plugins.Count > 0)
        {
            writer.WriteStartArray("plugins");
            foreach ((string type, PluginVersionInfo info) in plugins)
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                writer.WriteString("cniVersion", info.CniVersion);
                writer.Strings("supportedVersions", info.SupportedVersions);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
