using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// The configuration of one plugin: an entry of a list's <c>plugins</c>, a file of a list's folder, a single-plugin file, or what a plugin
/// gets on its standard input (SPEC, section 1, "Plugin configuration objects"). Keys are matched in any case, of several of a name the
/// last counts, and everything that is not known here is kept and passed on.
/// </summary>
public sealed class PluginConfiguration : JsonSubject
{
    private readonly JsonText _text;
    private readonly JsonPath _start;

    private PluginConfiguration(JsonText text, JsonPath start, JsonElement json)
        : base(json, new ConfigContext(text, start))
    {
        _text = text;
        _start = start;
    }

    /// <summary>
    /// The plugin to run. Its characters are checked where it is looked for. Empty only in a request (<see cref="ParseRequest"/>).
    /// </summary>
    public string Type { get; private set; } = "";

    /// <summary>The plugin configuration's own name; the list's name replaces it in requests.</summary>
    public string? Name { get; private set; }

    /// <summary>The version written here, or null; the list's version replaces it in requests.</summary>
    public string? CniVersion { get; private set; }

    /// <summary>The capabilities that the plugin declares, and whether each is wanted (SPEC, section 1, <c>capabilities</c>).</summary>
    public IReadOnlyDictionary<string, bool> Capabilities { get; private set; } = NoCapabilities;

    /// <summary>The IPAM plugin to delegate to (<c>ipam.type</c>), or empty.</summary>
    public string IpamType { get; private set; } = "";

    /// <summary>The file it comes from, if any.</summary>
    public string? Source => _text.File;

    private static IReadOnlyDictionary<string, bool> NoCapabilities { get; } = new Dictionary<string, bool>();

    /// <summary>Reads a plugin configuration.</summary>
    /// <param name="json">The JSON text, UTF-8, which must not change afterwards.</param>
    /// <param name="source">The file it comes from, for positions.</param>
    /// <exception cref="CniException">
    /// <c>error parsing configuration: …</c>: not JSON (<see cref="CniErrorIds.InvalidJson"/>, code 6), <c>missing 'type'</c>, or a key of
    /// the wrong type (<see cref="CniErrorIds.InvalidNetworkConfig"/>, code 7); with its position.
    /// </exception>
    public static PluginConfiguration Parse(ReadOnlyMemory<byte> json, string? source = null)
    {
        JsonText text = JsonText.Parse(json, source, PluginChecks.Prefix);
        return Read(text, JsonPath.Root, text.Root, PluginChecks.Prefix, null);
    }

    /// <summary>
    /// Reads what a plugin gets on its standard input, as the plugin does: it needs no <c>type</c>, and only <c>name</c> is checked. What
    /// else is wrong is for the plugin to find, with <see cref="ConfigVersion"/> and <see cref="PluginConfigReader"/>.
    /// </summary>
    /// <param name="stdin">The request, UTF-8.</param>
    /// <exception cref="CniException"><c>error unmarshall network config: …</c> (code 6).</exception>
    public static PluginConfiguration ParseRequest(ReadOnlyMemory<byte> stdin)
    {
        const string Prefix = "error unmarshall network config: ";
        JsonText text = JsonText.Parse(stdin, null, Prefix);
        if (PluginChecks.RequestProblem(text.Root) is { } problem)
        {
            throw new CniException(CniErrorIds.InvalidJson, CniErrorCode.DecodingFailure, Prefix + problem)
            {
                RecommendedAction = "A plugin's request is a JSON object with the network's \"name\".",
            };
        }

        return new PluginConfiguration(text, JsonPath.Root, text.Root).Fill(new ConfigContext(text, JsonPath.Root, "", static _ => { }));
    }

    /// <summary>Where a value of this configuration stands.</summary>
    /// <param name="path">The value's path from the top of this configuration.</param>
    /// <returns>File, line and column, or null where there is no such value.</returns>
    public SourcePosition? Locate(JsonPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _text.Locate(_start.Append(path));
    }

    /// <summary>Where a value stands that a request made of this configuration had; where there is no such value, what is around it.</summary>
    /// <returns>Null for what a request gets besides: the result before, the runtime's capability arguments.</returns>
    internal SourcePosition? LocateOrigin(JsonPath path)
    {
        foreach (string added in (string[])["prevResult", "runtimeConfig"])
        {
            if (path.ToString().StartsWith(added, StringComparison.Ordinal) && Locate(JsonPath.Root.Property(added)) is null)
            {
                return null;
            }
        }

        return _text.LocateNearest(_start.Append(path));
    }

    /// <summary>Where a key of this configuration stands: the position of its name.</summary>
    /// <param name="path">The key's path from the top of this configuration.</param>
    /// <returns>File, line and column, or null where there is no such key.</returns>
    public SourcePosition? LocateName(JsonPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _text.Locate(_start.Append(path), atName: true);
    }

    /// <summary>The result of the plugin before, as it came with the request (<c>prevResult</c>).</summary>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept.</param>
    /// <returns>The result in its own version (the configuration's, where it names none), or null where there is none.</returns>
    /// <exception cref="CniException"><c>could not parse prevResult: …</c> (<see cref="CniErrorIds.InvalidResult"/>).</exception>
    public CniResult? ParsePrevResult(bool keepUnknownFields = true) => CniResult.ParsePrevResult(Json, keepUnknownFields);

    /// <summary>What somebody makes of this configuration alone; it is made once, since the configuration doesn't change.</summary>
    /// <typeparam name="T">What is made: it must not change either.</typeparam>
    /// <param name="make">Makes it.</param>
    internal T Once<T>(Func<T> make)
        where T : class
    {
        foreach (object known in _made)
        {
            if (known is T ready)
            {
                return ready;
            }
        }

        T made = make();
        _made = [.. _made, made];
        return made;
    }

    private object[] _made = [];

    /// <summary>
    /// The request for ADD, CHECK, DEL or STATUS (SPEC, section 3, "Deriving request configuration"; as libcni does it): this configuration
    /// with the network's name and version. Everything else is passed on byte for byte, <c>capabilities</c> included; of several keys of
    /// one name the last.
    /// </summary>
    /// <param name="networkName">The network's name.</param>
    /// <param name="cniVersion">The network's version, possibly empty.</param>
    /// <param name="prevResult">The result of the plugin before; null leaves a <c>prevResult</c> of the file in place.</param>
    /// <param name="capabilityArgs">
    /// The caller's capability arguments. Those whose capability is true here make up <c>runtimeConfig</c>; if there is none, that of the
    /// file stays.
    /// </param>
    /// <returns>The request: one JSON object on one line.</returns>
    public ReadOnlyMemory<byte> ToRequest(
        string networkName,
        string cniVersion,
        CniResult? prevResult = null,
        IReadOnlyList<KeyValuePair<string, JsonElement>>? capabilityArgs = null) =>
        RequestWriter.Write(this, networkName, cniVersion, prevResult, capabilityArgs ?? []);

    /// <summary>The request for a plugin's first ADD in a list, where no capability arguments are given.</summary>
    internal PreparedRequest Prepare(string networkName, string cniVersion)
    {
        PreparedRequest? ready = _prepared;
        if (ready is null || ready.NetworkName != networkName || ready.CniVersion != cniVersion)
        {
            ReadOnlyMemory<byte> bytes = ToRequest(networkName, cniVersion);
            _prepared = ready = new PreparedRequest(networkName, cniVersion, bytes, ParseRequest(bytes));
        }

        return ready;
    }

    private PreparedRequest? _prepared;

    /// <summary>
    /// The request for GC (SPEC, section 2, "GC"), with the attachments that are still valid under both names that were ever in use:
    /// <c>cni.dev/valid-attachments</c> and <c>cni.dev/attachments</c>.
    /// </summary>
    /// <param name="networkName">The network's name.</param>
    /// <param name="cniVersion">The network's version.</param>
    /// <param name="valid">The attachments still valid; null sets neither key.</param>
    /// <returns>The request: one JSON object on one line.</returns>
    public ReadOnlyMemory<byte> ToGCRequest(string networkName, string cniVersion, IReadOnlyList<AttachmentKey>? valid) =>
        RequestWriter.WriteGC(this, networkName, cniVersion, valid);

    /// <summary>
    /// The same as the plugin of a network gets it, with positions of its file, and with its errors collected as far as they leave
    /// something to go on with.
    /// </summary>
    /// <param name="networkName">The network's name.</param>
    /// <param name="cniVersion">The network's version.</param>
    /// <param name="report">Takes the errors.</param>
    internal PluginConfiguration Collecting(string networkName, string cniVersion, Action<CniException> report) => new(_text, _start, Json)
    {
        Context = new ConfigContext(_text, _start, "", report),
        Type = Type,
        Name = networkName,
        CniVersion = cniVersion,
        Capabilities = Capabilities,
        IpamType = IpamType,
    };

    /// <summary>Reads the object at a place of a text.</summary>
    internal static PluginConfiguration Read(
        JsonText text, JsonPath start, JsonElement json, string prefix, Action<CniException>? report)
    {
        var context = new ConfigContext(text, start, prefix, report);
        PluginConfiguration configuration = new PluginConfiguration(text, start, json).Fill(context);
        if (configuration.Type.Length == 0)
        {
            context.Report(context.Error(
                JsonPath.Root.Property("type"), "missing 'type'", "Add \"type\": the name of the plugin, such as \"bridge\"."));
        }

        return configuration;
    }

    private PluginConfiguration Fill(ConfigContext context)
    {
        var reader = new PluginConfigReader(context, JsonPath.Root, Json);
        CniVersion = reader.GetString("cniVersion");
        Name = reader.GetString("name");
        Type = reader.GetString("type") ?? "";
        Capabilities = PluginChecks.Capabilities(reader) ?? NoCapabilities;
        IpamType = reader.GetObject("ipam")?.GetString("type") ?? "";
        PluginChecks.CheckUnused(reader);
        return this;
    }
}
