using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// The result of ADD, in any version (SPEC, section 5, "Success"). A plugin makes one with <c>new CniResult { … }</c>, which has version
/// 1.1.0, and converts it to the version asked for. A result doesn't change.
/// </summary>
public sealed class CniResult
{
    /// <summary>The version that the result is in.</summary>
    public string CniVersion { get; internal init; } = Spec.CniVersion.Current;

    /// <summary>The interfaces; none in 0.1.0 and 0.2.0.</summary>
    public IReadOnlyList<CniInterface> Interfaces { get; init; } = [];

    /// <summary>The addresses. Those of 0.1.0 and 0.2.0 stand here as well: <c>ip4</c>, then <c>ip6</c>.</summary>
    public IReadOnlyList<CniIPConfig> Ips { get; init; } = [];

    /// <summary>The routes. Those of 0.1.0 and 0.2.0 stand here as well: those under <c>ip4</c>, then those under <c>ip6</c>.</summary>
    public IReadOnlyList<CniRoute> Routes { get; init; } = [];

    /// <summary>The resolver's settings.</summary>
    public CniDns Dns { get; init; } = CniDns.Empty;

    /// <summary>Top-level fields that the specification doesn't know, as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> UnknownFields { get; init; } = [];

    /// <summary>What stands under <c>ip4</c>, in 0.1.0 and 0.2.0.</summary>
    internal FamilyResult? Ip4 { get; init; }

    /// <summary>What stands under <c>ip6</c>, in 0.1.0 and 0.2.0.</summary>
    internal FamilyResult? Ip6 { get; init; }

    /// <summary>The shape that the version has.</summary>
    internal ResultShape Shape => ResultShape.Of(CniVersion)!;

    /// <summary>Reads a result in the version it names.</summary>
    /// <param name="json">The JSON text, UTF-8, which must not change afterwards.</param>
    /// <param name="assumedVersion">The version of a result that names none; by default 0.1.0.</param>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept; libcni drops them.</param>
    /// <exception cref="CniException">
    /// The text is not JSON; the version is not known (<c>unsupported CNI result version …</c>, code 1); a field has the wrong type, or an
    /// address is none (<c>invalid CIDR address: …</c>, <c>invalid IP address: …</c>). All are <see cref="CniErrorIds.InvalidResult"/>,
    /// code 6, unless said otherwise.
    /// </exception>
    public static CniResult Parse(ReadOnlyMemory<byte> json, string? assumedVersion = null, bool keepUnknownFields = true) =>
        Parse(JsonText.Parse(json, null, "decoding version from network config: ").Root, assumedVersion, keepUnknownFields);

    /// <summary>Reads a result in the version it names.</summary>
    /// <param name="json">The result; <c>null</c> is an empty one.</param>
    /// <param name="assumedVersion">The version of a result that names none; by default 0.1.0.</param>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept; libcni drops them.</param>
    /// <exception cref="CniException">As <see cref="Parse(ReadOnlyMemory{byte}, string?, bool)"/>.</exception>
    public static CniResult Parse(JsonElement json, string? assumedVersion = null, bool keepUnknownFields = true)
    {
        string version = ConfigVersion.DecodeOrEmpty(json);
        return ResultReader.Read(json, version.Length > 0 ? version : assumedVersion ?? "", keepUnknownFields);
    }

    /// <summary>
    /// Reads what a plugin has printed after ADD. Its version counts only if it is a string and spelled <c>cniVersion</c> exactly; else it
    /// is that of the request.
    /// </summary>
    /// <param name="stdout">The plugin's standard output.</param>
    /// <param name="requestVersion">The version of the request; empty for 0.1.0.</param>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept; libcni drops them.</param>
    /// <exception cref="CniException">
    /// <c>failed to unmarshal raw result: …</c>, else as <see cref="Parse(ReadOnlyMemory{byte}, string?, bool)"/>.
    /// </exception>
    public static CniResult ParseOutput(ReadOnlyMemory<byte> stdout, string requestVersion, bool keepUnknownFields = true)
    {
        const string Prefix = "failed to unmarshal raw result: ";
        JsonElement json = JsonText.Parse(stdout, null, Prefix).Root;
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            var context = new ResultContext(Prefix);
            throw context.Error(JsonPath.Root, $"it must be an object, not {JsonKind.WithArticle(json)}");
        }

        new JsonFields(json, ignoreCase: false).TryGet("cniVersion", out _, out JsonElement version);
        string named = version.ValueKind == JsonValueKind.String ? version.GetString()! : "";
        return ResultReader.Read(json, named.Length > 0 ? named : requestVersion, keepUnknownFields);
    }

    /// <summary>Reads the <c>prevResult</c> of a plugin's request, whose version must be of the request's family.</summary>
    /// <param name="request">The request.</param>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept; libcni drops them.</param>
    /// <returns>The result, or null where the request has none.</returns>
    /// <exception cref="CniException"><c>could not parse prevResult: …</c> (<see cref="CniErrorIds.InvalidResult"/>).</exception>
    public static CniResult? ParsePrevResult(JsonElement request, bool keepUnknownFields = true)
    {
        new JsonFields(request, ignoreCase: true).TryGet("prevResult", out _, out JsonElement previous);
        if (previous.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return null;
        }

        string requestVersion = ConfigVersion.DecodeOrEmpty(request);
        try
        {
            ResultShape family = ResultReader.ShapeOf(requestVersion);
            bool named = previous.ValueKind != JsonValueKind.Object
                || (previous.TryGetProperty("cniVersion", out JsonElement own) && own.ValueKind != JsonValueKind.Null);
            string version = named ? ConfigVersion.DecodeOrEmpty(previous) : requestVersion;
            version = version.Length > 0 || !family.Has(Spec.CniVersion.Oldest) ? version : Spec.CniVersion.Oldest;
            return family.Has(version)
                ? ResultReader.Read(previous, version, keepUnknownFields)
                : throw new CniException(
                    CniErrorIds.InvalidResult,
                    CniErrorCode.IncompatibleCniVersion,
                    $"result type supports [{string.Join(' ', family.Versions)}] but unmarshalled CNIVersion is {GoText.Quote(version)}");
        }
        catch (CniException e)
        {
            throw new CniException(CniErrorIds.InvalidResult, e.Code, "could not parse prevResult: " + e.Msg, e.Details, e)
            {
                RecommendedAction = "The runtime must pass on the result of the plugin before, in the version of the request.",
                Target = e.Target,
            };
        }
    }

    /// <summary>The result in another version. What that version can't say is left out, as libcni leaves it out.</summary>
    /// <param name="version">The version; empty for 0.1.0.</param>
    /// <returns>The result in that version: this one, if it is in it.</returns>
    /// <exception cref="CniException">
    /// <c>no converter for CNI result version X to Y</c>, <c>cannot convert: no valid IP addresses</c>
    /// (<see cref="CniErrorIds.InvalidResult"/>, code 1).
    /// </exception>
    public CniResult ConvertTo(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return ResultConverter.Convert(this, version.Length == 0 ? Spec.CniVersion.Oldest : version);
    }

    /// <summary>The addresses; where there are none, the interfaces, and where there are none either, the version.</summary>
    public override string ToString() =>
        Ips.Count > 0 ? string.Join(", ", Ips) : Interfaces.Count > 0 ? string.Join(", ", Interfaces) : $"nothing, in version {CniVersion}";

    /// <summary>The same result with other interfaces.</summary>
    internal CniResult With(IReadOnlyList<CniInterface> interfaces) => new()
    {
        CniVersion = CniVersion,
        Interfaces = interfaces,
        Ips = Ips,
        Routes = Routes,
        Dns = Dns,
        UnknownFields = UnknownFields,
        Ip4 = Ip4,
        Ip6 = Ip6,
    };

    /// <summary>Writes the result as one JSON object, in the shape of its version, keys in the order of the Go libraries.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new ResultWriter(writer, Shape).Write(this);
    }

    /// <summary>The result's JSON, UTF-8.</summary>
    /// <param name="indented">
    /// True for four spaces a level, as the Go plugins print it; false for one line. No line feed at the end.
    /// </param>
    public byte[] ToJson(bool indented = false)
    {
        ReadOnlyMemory<byte> compact = JsonBytes.Write(WriteTo);
        return indented ? JsonLayout.Indent(compact.Span) : compact.ToArray();
    }
}
