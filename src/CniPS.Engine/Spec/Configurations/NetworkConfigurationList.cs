using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Spec;

/// <summary>
/// A network configuration list (SPEC, section 1, "Configuration format"): a network's name, its version, and the plugins that attach
/// containers to it, in order. Keys at this level are matched exactly; unknown ones are ignored, and kept in <see cref="Bytes"/>.
/// </summary>
public sealed class NetworkConfigurationList
{
    internal NetworkConfigurationList(
        ReadOnlyMemory<byte> bytes, string? source, string name, string cniVersion, IReadOnlyList<PluginConfiguration> plugins)
    {
        Bytes = bytes;
        Source = source;
        Name = name;
        CniVersion = cniVersion;
        Plugins = plugins;
    }

    /// <summary>
    /// The network's name. It is checked where it is used (<see cref="CniNames.ValidateNetworkName"/>), not when it is read.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// The version to run with, as it is written: the highest of <c>cniVersions</c> and <c>cniVersion</c> that is not above
    /// <see cref="Spec.CniVersion.Current"/>, else <c>cniVersion</c>; empty where there is none.
    /// </summary>
    public string CniVersion { get; }

    /// <summary>Whether CHECK does nothing.</summary>
    public bool DisableCheck { get; init; }

    /// <summary>Whether GC does nothing.</summary>
    public bool DisableGC { get; init; }

    /// <summary>Whether plugins are taken from the list alone, and not from the folder beside its file.</summary>
    public bool LoadOnlyInlinedPlugins { get; init; }

    /// <summary>The plugins, in the order of ADD: those of the list, then those of its folder.</summary>
    public IReadOnlyList<PluginConfiguration> Plugins { get; }

    /// <summary>The text of the list's own file; for a single plugin's configuration, the text of the list it stands for.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The file's path, if it comes from one.</summary>
    public string? Source { get; }

    /// <summary>The list's own text, where it has one.</summary>
    internal JsonText? Text { get; init; }

    /// <summary>Reads a list.</summary>
    /// <param name="text">The JSON text, UTF-8, which must not change afterwards.</param>
    /// <param name="source">The file it comes from, for positions. The file and its folder are not read.</param>
    /// <exception cref="CniException">
    /// <c>error parsing configuration list: …</c> or <c>failed to parse plugin config N: …</c>: not JSON
    /// (<see cref="CniErrorIds.InvalidJson"/>, code 6), or a missing or wrong key (<see cref="CniErrorIds.InvalidNetworkConfig"/>, code 7); with
    /// its position. It is the first that libcni would find.
    /// </exception>
    public static NetworkConfigurationList Parse(ReadOnlyMemory<byte> text, string? source = null) => ListReader.Read(text, source);

    /// <summary>
    /// Makes a list of one from a single plugin's configuration, with its name and version. List keys in it have no meaning.
    /// </summary>
    /// <param name="plugin">The configuration.</param>
    public static NetworkConfigurationList FromPlugin(PluginConfiguration plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        string name = plugin.Name ?? "";
        string version = plugin.CniVersion ?? "";
        ReadOnlyMemory<byte> bytes = JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("cniVersion", version);
            writer.WriteString("name", name);
            writer.WriteStartArray("plugins");
            JsonBytes.Copy(writer, plugin.Json);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return new NetworkConfigurationList(bytes, plugin.Source, name, version, [plugin]);
    }

    /// <summary>Reads a list, or a single plugin's configuration as a list of one: a text with a key <c>plugins</c> is a list.</summary>
    /// <param name="text">The JSON text, UTF-8, which must not change afterwards.</param>
    /// <param name="source">The file it comes from, for positions.</param>
    /// <exception cref="CniException">As <see cref="Parse"/>, or <see cref="PluginConfiguration.Parse"/>.</exception>
    public static NetworkConfigurationList ParseAny(ReadOnlyMemory<byte> text, string? source = null)
    {
        JsonText json = JsonText.Parse(text, source, PluginChecks.Prefix);
        return new JsonFields(json.Root, ignoreCase: false).TryGet("plugins", out _, out _)
            ? ListReader.Read(json)
            : FromPlugin(PluginConfiguration.Read(json, JsonPath.Root, json.Root, PluginChecks.Prefix, null));
    }

    /// <summary>
    /// Reads a file: a <c>.conflist</c> is a list, any other file a list or a single plugin's configuration, whichever it holds. Unless the
    /// list says otherwise, the plugins of its folder (<c>&lt;name&gt;/*.conf</c> beside the file) follow its own.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CniException">
    /// As <see cref="ParseAny"/>; <c>no plugin configs found</c>; or a file can't be read (<see cref="CniErrorIds.NetworkNotFound"/> where
    /// there is none, else <see cref="CniErrorIds.UnreadableFile"/>, code 5).
    /// </exception>
    public static NetworkConfigurationList Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ConfigurationFiles.IsList(path) ? LoadList(path) : LoadAny(path);
    }

    /// <summary>
    /// Everything that is wrong with a text, in its order of reading: what <see cref="ParseAny"/> throws, and what only ADD would find.
    /// </summary>
    /// <param name="text">The JSON text, UTF-8.</param>
    /// <param name="source">The file it comes from, for positions.</param>
    /// <returns>The errors, none where the text is good.</returns>
    public static IReadOnlyList<CniException> FindProblems(ReadOnlyMemory<byte> text, string? source = null) =>
        ListProblems.Find(text, source, out _);

    /// <summary>Where a value of the list stands in its file.</summary>
    /// <param name="path">The value's path from the top of the list.</param>
    /// <returns>
    /// File, line and column; null where there is no such value, or the list was made from a single plugin's configuration.
    /// </returns>
    public SourcePosition? Locate(JsonPath path) => Text?.Locate(path);

    /// <summary>As <see cref="Load"/>, for a file that must be a list.</summary>
    internal static NetworkConfigurationList LoadList(string path) => Parse(ConfigurationFiles.Read(path), path).WithFolder(path);

    private static NetworkConfigurationList LoadAny(string path)
    {
        NetworkConfigurationList list = ParseAny(ConfigurationFiles.Read(path), path);
        return list.Text is null ? list : list.WithFolder(path);
    }

    private NetworkConfigurationList WithFolder(string path)
    {
        IReadOnlyList<PluginConfiguration> plugins =
            LoadOnlyInlinedPlugins ? Plugins : [.. Plugins, .. ConfigurationFiles.FolderPlugins(path, Name)];
        if (plugins.Count == 0)
        {
            bool single = new JsonFields(Text!.Root, ignoreCase: true).TryGet("type", out _, out _);
            throw Text.Invalid(JsonPath.Root, "no plugin configs found", single
                ? "The file holds a single plugin's configuration: write it as an entry of \"plugins\", or rename the file to "
                    + Path.ChangeExtension(Path.GetFileName(path), ".conf") + "."
                : $"Add \"plugins\", or put plugin configurations into {Path.Join(Path.GetDirectoryName(path), Name)}/*.conf.");
        }

        return With(plugins);
    }

    /// <summary>The same network with other plugins.</summary>
    internal NetworkConfigurationList With(IReadOnlyList<PluginConfiguration> plugins) => new(Bytes, Source, Name, CniVersion, plugins)
    {
        DisableCheck = DisableCheck,
        DisableGC = DisableGC,
        LoadOnlyInlinedPlugins = LoadOnlyInlinedPlugins,
        Text = Text,
    };
}
