using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Spec;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>The recorded cases of what the Spec types do.</summary>
public sealed class SpecVectorTests : IDisposable
{
    internal static readonly string[] Kinds =
    [
        "parse-conflist", "parse-plugin", "load-dir", "validate", "parse-version", "compare-version", "version-info", "config-version",
        "convert-result", "exec-result", "prev-result", "cni-args",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("cnips-vector-").FullName;

    public static IEnumerable<TheoryDataRow<string>> Vectors => VectorFile.Rows(Kinds);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Behaves_as_recorded(string key)
    {
        Vector vector = VectorFile.Get(key);
        VectorCheck.Hold(vector, () => VectorError.Difference(vector.Expect, _directory, () => vector.Kind switch
        {
            "parse-conflist" => ListDifference(NetworkConfigurationList.Parse(Bytes(vector)), vector.Expect),
            "parse-plugin" => PluginDifference(PluginConfiguration.Parse(Bytes(vector)), vector.Expect),
            "load-dir" => LoadDirectory(vector),
            "validate" => Validate(vector),
            "parse-version" => ParseVersion(vector),
            "compare-version" => CompareVersion(vector),
            "version-info" => Compare(
                string.Join(' ', PluginVersionInfo.Parse(Bytes(vector)).SupportedVersions),
                string.Join(' ', vector.Expect.GetProperty("supportedVersions").EnumerateArray())),
            "config-version" => Compare(ConfigVersion.Decode(Bytes(vector)), vector.Expect.GetProperty("version").GetString()),
            "convert-result" => ConvertResult(vector),
            "exec-result" => ParseOutput(vector),
            "prev-result" => PrevResult(vector),
            "cni-args" => Arguments(vector),
            string kind => throw new InvalidOperationException($"no runner for {kind}"),
        }));
    }

    private static byte[] Bytes(Vector vector) => Encoding.UTF8.GetBytes(vector.Text());

    private static string? Compare(string? actual, string? expected) => actual == expected ? null : $"{actual}; expected: {expected}";

    private static string? CompareJson(ReadOnlyMemory<byte> actual, JsonElement expected) =>
        JsonSame.Same(JsonDocument.Parse(actual).RootElement, expected) ? null
            : $"{Encoding.UTF8.GetString(actual.Span)}; expected: {expected}";

    private static string? ListDifference(NetworkConfigurationList list, JsonElement expect)
    {
        JsonElement[] plugins = [.. expect.GetProperty("plugins").EnumerateArray()];
        return Compare(list.Name, expect.GetProperty("name").GetString())
            ?? Compare(list.CniVersion, expect.GetProperty("cniVersion").GetString())
            ?? Compare($"disableCheck {list.DisableCheck}", $"disableCheck {expect.GetProperty("disableCheck").GetBoolean()}")
            ?? Compare($"disableGC {list.DisableGC}", $"disableGC {expect.GetProperty("disableGC").GetBoolean()}")
            ?? Compare(
                $"loadOnlyInlinedPlugins {list.LoadOnlyInlinedPlugins}",
                $"loadOnlyInlinedPlugins {expect.GetProperty("loadOnlyInlinedPlugins").GetBoolean()}")
            ?? Compare($"{list.Plugins.Count} plugins", $"{plugins.Length} plugins")
            ?? list.Plugins.Zip(plugins, PluginDifference).FirstOrDefault(difference => difference is not null);
    }

    private static string? PluginDifference(PluginConfiguration plugin, JsonElement expect)
    {
        string Expected(string name) => expect.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        string capabilities = expect.TryGetProperty("capabilities", out JsonElement declared) ? declared.GetRawText() : "{}";
        return Compare(plugin.Type, Expected("type"))
            ?? Compare(plugin.Name ?? "", Expected("name"))
            ?? Compare(plugin.CniVersion ?? "", Expected("cniVersion"))
            ?? Compare(plugin.IpamType, Expected("ipamType"))
            ?? CompareJson(JsonSerializer.SerializeToUtf8Bytes(plugin.Capabilities), JsonDocument.Parse(capabilities).RootElement)
            ?? (JsonSame.Same(plugin.Json.GetRawText(), Expected("configText")) ? null : $"kept {plugin.Json}");
    }

    private string? LoadDirectory(Vector vector)
    {
        foreach (JsonProperty file in vector.Input.GetProperty("files").EnumerateObject())
        {
            string path = Path.Join(_directory, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!file.Name.EndsWith('/'))
            {
                File.WriteAllText(path, file.Value.GetString());
            }
        }

        NetworkConfigurationList list = new NetworkConfigurationFolder(_directory).Load(vector.Text("name"), strict: true);
        return ListDifference(list, vector.Expect);
    }

    private static string? Validate(Vector vector)
    {
        string value = vector.Text("value");
        string what = vector.Text("what");
        bool valid = vector.Expect.GetProperty("valid").GetBoolean();
        try
        {
            Action<string?> validate = what switch
            {
                "containerID" => CniNames.ValidateContainerId,
                "networkName" => CniNames.ValidateNetworkName,
                _ => CniNames.ValidateInterfaceName,
            };
            validate(value);
            return valid ? null : "accepted";
        }
        catch (CniException e) when (!valid)
        {
            JsonElement error = vector.Expect.GetProperty("cniError");
            return Compare(e.Message, vector.Expect.GetProperty("errorText").GetString())
                ?? Compare(e.Msg, error.GetProperty("msg").GetString())
                ?? Compare(e.Details, error.TryGetProperty("details", out JsonElement details) ? details.GetString() : null)
                ?? Compare(((int)e.Code).ToString(), error.GetProperty("code").GetRawText());
        }
    }

    private static string? ParseVersion(Vector vector)
    {
        CniVersion version = CniVersion.Parse(vector.Text("version"));
        IEnumerable<JsonElement> parts = vector.Expect.GetProperty("parts").EnumerateArray();
        return Compare($"[{version.Major}, {version.Minor}, {version.Micro}]", $"[{string.Join(", ", parts)}]");
    }

    private static string? CompareVersion(Vector vector)
    {
        CniVersion a = CniVersion.Parse(vector.Text("a")), b = CniVersion.Parse(vector.Text("b"));
        return Compare($"{a > b} {a >= b}", $"{vector.Expect.GetProperty("gt").GetBoolean()} {vector.Expect.GetProperty("gte").GetBoolean()}");
    }

    private static string? ConvertResult(Vector vector)
    {
        var result = CniResult.Parse(Bytes(vector), keepUnknownFields: false);
        string to = vector.Text("to");
        return CompareJson((to == "-" ? result : result.ConvertTo(to)).ToJson(), vector.Expect.GetProperty("result"));
    }

    private static string? ParseOutput(Vector vector)
    {
        string requestVersion = ConfigVersion.Decode(Encoding.UTF8.GetBytes(vector.Text("config")));
        var result = CniResult.ParseOutput(Encoding.UTF8.GetBytes(vector.Text("stdout")), requestVersion, keepUnknownFields: false);
        return CompareJson(result.ToJson(), vector.Expect.GetProperty("result"))
            ?? Compare(result.CniVersion, vector.Expect.GetProperty("resultVersion").GetString());
    }

    private static string? PrevResult(Vector vector)
    {
        byte[] json = PluginConfiguration.ParseRequest(Bytes(vector)).ParsePrevResult(keepUnknownFields: false)?.ToJson() ?? "null"u8.ToArray();
        return CompareJson(json, vector.Expect.GetProperty("prevResult"));
    }

    private static string? Arguments(Vector vector)
    {
        CniArgs args = CniArgs.Parse(vector.Text());
        bool flag = args.GetBool("FLAG");
        args.RefuseUnknown(["IP", "FLAG"]);
        return Compare($"{args.IgnoreUnknown}", $"{vector.Expect.GetProperty("IgnoreUnknown").GetBoolean()}")
            ?? Compare($"{flag}", $"{vector.Expect.GetProperty("FLAG").GetBoolean()}")
            ?? Compare(args["IP"] ?? "", vector.Expect.GetProperty("IP").GetString());
    }
}
