using System;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// What holds for all networks of a machine: a small file, <c>cnips.json</c>, beside the executable whose plugins read it. Whoever may write it
/// may replace the executable as well, so that nobody is trusted besides.
/// <code>
/// { "backend": "iptables" }
/// </code>
/// </summary>
public static class MachineSettings
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cnips.json";

    private const string BackendKey = "backend";

    /// <summary>Reads the backend of rules for networks that name none; one look where there is no such file.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="file">The file.</param>
    /// <returns>Null where none is set.</returns>
    /// <exception cref="CniException">It is no JSON, or the backend is none.</exception>
    public static RuleBackend? ReadBackend(IHost host, string file)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.ReadFile(file) is not { } content)
        {
            return null;
        }

        JsonElement root = JsonText.Parse(content, file, "").Root;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(BackendKey, out JsonElement value))
        {
            return null;
        }

        return (value.ValueKind == JsonValueKind.String ? RuleBackends.TryParse(value.GetString()) : null) ?? throw new CniException(
            CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, $"{file}: unknown backend {value.GetRawText()}")
        {
            Target = file,
            RecommendedAction = "Write \"nftables\" or \"iptables\", or remove the file.",
        };
    }

    /// <summary>The file's text that sets a backend.</summary>
    public static ReadOnlyMemory<byte> WriteBackend(RuleBackend backend) => JsonLayout.Indent(JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString(BackendKey, backend.Word());
        writer.WriteEndObject();
    }).Span);
}
