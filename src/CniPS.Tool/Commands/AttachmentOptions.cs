using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;

namespace CniPS.Tool.Commands;

/// <summary>The settings that <c>add</c>, <c>check</c> and <c>del</c> share: cnitool's variables, and an option for each.</summary>
internal static class AttachmentOptions
{
    internal static readonly Option NetworkFolder =
        new("--netconf-path", "DIR", "Where networks are looked up by name (/etc/cni/net.d).") { Variable = "NETCONFPATH" };

    internal static readonly Option PluginPath =
        new("--cni-path", "DIR:DIR", "Where plugin programs are (/opt/cni/bin:/usr/lib/cni).") { Variable = "CNI_PATH" };

    internal static readonly Option Arguments = new("--args", "K=V;K=V", "Arguments for the plugins.") { Variable = "CNI_ARGS" };

    internal static readonly Option Capabilities =
        new("--capability-args", "JSON", "Capability arguments, such as {\"portMappings\": [...]}.") { Variable = "CAP_ARGS" };

    internal static readonly Option Interface =
        new("--ifname", "NAME", "The interface inside the container (eth0).") { Short = "-i", Variable = "CNI_IFNAME" };

    internal static readonly Option ContainerId =
        new("--container-id", "ID", "The container's id (the namespace's name, else a hash of its path).");

    internal static readonly Option CacheFolder = new("--cache-dir", "DIR", "Where results are kept (/var/lib/cni).");

    internal static readonly Option Timeout = new("--timeout", "SECONDS", "How long one plugin program may take (for ever).");

    internal static readonly Option Source = new("--plugin-source", "KIND", "Which plugins to run: native-first, native or path.");

    internal static readonly Option DryRun = new("--dry-run", null, "Print the changes as commands, and make none.") { Short = "-n" };

    internal static readonly Option Verbose =
        new("--verbose", null, "Print the changes as they are made, as commands, on standard error.") { Short = "-v" };

    internal static readonly Option Json = new("--json", null, "Print an error as JSON.");

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Option> All { get; } =
        [NetworkFolder, PluginPath, Arguments, Capabilities, Interface, ContainerId, CacheFolder, Timeout, Source, DryRun, Verbose, Json];

    /// <summary>How the runtime is to work.</summary>
    /// <exception cref="UsageException">A value makes no sense.</exception>
    internal static RuntimeOptions ToRuntimeOptions(Arguments arguments) => RuntimeOptions.Default with
    {
        CacheFolder = Path.GetFullPath(arguments.Get(CacheFolder) ?? RuntimeOptions.Default.CacheFolder),
        PluginPath = arguments.Get(PluginPath)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? CnitoolDefaults.PluginPath,
        PluginSource = arguments.Get(Source) is { } source ? ParseSource(source) : PluginSource.NativeFirst,
        Timeout = arguments.Get(Timeout) is { } seconds ? ParseTimeout(seconds) : null,
    };

    /// <summary>The attachment that is meant.</summary>
    /// <param name="netns">The namespace, by name or path.</param>
    /// <param name="arguments">The options.</param>
    internal static Attachment ToAttachment(string netns, Arguments arguments)
    {
        string path = ContainerNamespace.PathOf(netns);
        string id = arguments.Get(ContainerId) ?? ContainerNamespace.DefaultContainerId(path);
        string interfaceName = arguments.Get(Interface) ?? CnitoolDefaults.InterfaceName;
        CniNames.ValidateContainerId(id);
        CniNames.ValidateInterfaceName(interfaceName);
        return new Attachment
        {
            ContainerId = id,
            NetNS = path,
            InterfaceName = interfaceName,
            CapabilityArgs = arguments.Get(Capabilities) is { } json ? ParseCapabilities(json) : [],
            Args = CniArgs.ParseStrict(arguments.Get(Arguments) ?? ""),
        };
    }

    /// <summary>Reads a value of <see cref="Source"/>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static PluginSource ParseSource(string text) => text switch
    {
        "native-first" => PluginSource.NativeFirst,
        "native" => PluginSource.Native,
        "path" => PluginSource.Path,
        _ => throw new UsageException($"plugins come native-first, native or path, not {text}"),
    };

    private static TimeSpan ParseTimeout(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{Timeout.Name} is a number of seconds, not {text}");

    private static List<KeyValuePair<string, JsonElement>> ParseCapabilities(string json)
    {
        try
        {
            JsonElement root = JsonDocument.Parse(json).RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new UsageException($"{Capabilities.Name} is a JSON object: capability names and their values");
            }

            var all = new List<KeyValuePair<string, JsonElement>>();
            foreach (JsonProperty property in root.EnumerateObject())
            {
                all.Add(new(property.Name, property.Value));
            }

            return all;
        }
        catch (JsonException e)
        {
            throw new UsageException($"{Capabilities.Name} is no JSON: {e.Message}");
        }
    }
}
