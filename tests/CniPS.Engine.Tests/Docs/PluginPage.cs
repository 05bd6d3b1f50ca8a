using System;
using System.IO;
using System.Text;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;
using CniPS.Tests.Vectors;

namespace CniPS.Engine.Tests.Docs;

/// <summary>
/// The page of a native plugin, docs/plugins/TYPE.md: a few sentences that somebody wrote, and below a mark what is made from the plugin's
/// declarations and from its example, docs/plugins/TYPE.conflist (with the capability arguments of TYPE.capabilities.json).
/// </summary>
internal sealed class PluginPage(string type)
{
    internal const string Mark = "<!-- Written by the tests from here on: CNIPS_UPDATE_EXAMPLES=1 dotnet test tests/CniPS.Engine.Tests -->\n";

    private static readonly string s_folder = Path.Combine(VectorFile.Root, "docs/plugins");

    internal string File => Path.Combine(s_folder, type + ".md");

    internal string Example => Path.Combine(s_folder, type + ".conflist");

    private string Capabilities => Path.Combine(s_folder, type + ".capabilities.json");

    /// <summary>The page as it is.</summary>
    internal string Read() => System.IO.File.ReadAllText(File);

    /// <summary>The page as it should be.</summary>
    internal string Make()
    {
        string page = Read();
        int mark = page.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0)
        {
            throw new InvalidDataException($"{File} lacks the line\n{Mark}");
        }

        StringBuilder text = new(page[..mark]);
        text.Append(Mark);
        ICniPlugin plugin = NativePlugins.Find(type)!;
        text.Append($"\nVersions of the specification: {string.Join(", ", plugin.SupportedVersions)}.\n");
        AddKeys(text, plugin.Schema);
        AddExample(text);
        return text.ToString();
    }

    private static void AddKeys(StringBuilder text, PluginSchema schema)
    {
        if (schema.Keys.Count == 0)
        {
            return;
        }

        text.Append("\n## Keys\n\n| key | type | default | meaning | since |\n|---|---|---|---|---|\n");
        foreach (PluginKey key in schema.Keys)
        {
            text.Append($"| `{key.Path}` | {key.Type} | {Default(key.Default)} | {key.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} | {key.Since} |\n");
        }

        text.Append("\n`[]` stands for every element of an array, `*` for any name. \"Since\" is a version of the reference plugins, unless CniPS is named.\n");
    }

    // A value as one would write it in the file, or words.
    private static string Default(string? value) =>
        value is null ? "" : value.Contains(' ', StringComparison.Ordinal) || value.Contains('\'', StringComparison.Ordinal) ? value : $"`{value}`";

    private void AddExample(StringBuilder text)
    {
        string example = System.IO.File.ReadAllText(Example);
        text.Append($"\n## Example\n\n```json\n{example.TrimEnd()}\n```\n");
        JsonElement? capabilities = null;
        if (System.IO.File.Exists(Capabilities))
        {
            string json = System.IO.File.ReadAllText(Capabilities);
            capabilities = JsonDocument.Parse(json).RootElement;
            text.Append($"\nwith these capability arguments:\n\n```json\n{json.TrimEnd()}\n```\n");
        }

        (string add, string delete) = PluginPlan.Of(type, example, capabilities);
        text.Append($"\n{(add.Length > 0 ? "What it does when container `web1`, whose namespace is `blue`, is attached as `eth0`:" : "ADD changes nothing on the machine.")}\n");
        AddCommands(text, add);
        text.Append($"\n{(delete.Length > 0 ? "And when it is detached:" : "DEL changes nothing on the machine.")}\n");
        AddCommands(text, delete);
    }

    private static void AddCommands(StringBuilder text, string commands)
    {
        if (commands.Length > 0)
        {
            text.Append($"\n```sh\n{commands}\n```\n");
        }
    }
}
