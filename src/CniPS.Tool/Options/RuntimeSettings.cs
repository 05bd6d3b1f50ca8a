using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using CniPS.Linux.Host;
using CniPS.Plugin.Options;
using CniPS.Runtime;

namespace CniPS.Tool.Options;

/// <summary>How the runtime works: cnitool's variables, an option for each, and what cnitool has no setting for.</summary>
internal static class RuntimeSettings
{
    internal static readonly Option NetworkFolder =
        new("--netconf-path", "DIR", "Where networks are looked up by name (/etc/cni/net.d).") { Variable = "NETCONFPATH", Completes = Completes.Files };

    internal static readonly Option PluginPath =
        new("--cni-path", "DIR:DIR", "Where plugin programs are (/opt/cni/bin:/usr/lib/cni).") { Variable = "CNI_PATH", Completes = Completes.Files };

    internal static readonly Option Source = new("--plugin-source", "KIND", "Which plugins to run: native-first, native or path.")
    {
        Choices = ["native-first", "native", "path"],
    };

    internal static readonly Option CacheFolder =
        new("--cache-dir", "DIR", "Where results are kept (/var/lib/cni).") { Completes = Completes.Files };

    internal static readonly Option Patience =
        new("--patience", "SECONDS", "How long a runtime may take for an add: what is younger, and in no cache, stays (600).");

    internal static readonly Option Timeout = new("--timeout", "SECONDS", "How long one plugin program may take (for ever).");

    internal static readonly Option Plan = new("--plan", null, "Print the changes as commands, and make none (also --what-if, --dry-run).")
    {
        Short = "-n",
        Aliases = ["--what-if", "--dry-run"],
    };

    internal static readonly Option Verbose =
        new("--verbose", null, "Print the changes as they are made, as commands, on standard error.") { Short = "-v" };

    internal static readonly Option Json = new("--json", null, "Print the result as JSON, and an error too (on standard error).");

    /// <summary>What decides which plugins run, and on what.</summary>
    internal static IReadOnlyList<Option> Places { get; } = [NetworkFolder, PluginPath, Source, CacheFolder, Timeout];

    /// <summary>What decides what is printed, of a command that changes something.</summary>
    internal static IReadOnlyList<Option> Telling { get; } = [Plan, Verbose, Json];

    /// <summary>The folder of networks.</summary>
    internal static string FolderOf(Arguments arguments) => arguments.Get(NetworkFolder) ?? CnitoolDefaults.ConfigurationFolder;

    /// <summary>How the runtime is to work.</summary>
    /// <exception cref="UsageException">A value makes no sense.</exception>
    internal static RuntimeOptions ToRuntimeOptions(Arguments arguments, IHost host) => RuntimeOptions.Default with
    {
        CacheFolder = ParseFolder(arguments.Get(CacheFolder) ?? RuntimeOptions.Default.CacheFolder),
        PluginPath = arguments.Get(PluginPath)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? CnitoolDefaults.PluginPath,
        PluginSource = arguments.Get(Source) is { } source ? PluginSources.Parse(source) : PluginSource.NativeFirst,
        Timeout = arguments.Get(Timeout) is { } seconds ? ParseTimeout(seconds) : null,
        Backend = ExecutableSettings.Backend(host),
        Patience = arguments.Get(Patience) is { } patience ? ParsePatience(patience) : RuntimeOptions.DefaultPatience,
    };

    private static TimeSpan ParsePatience(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{Patience.Name} is a number of seconds, not {text}");

    private static string ParseFolder(string text) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? Path.GetFullPath(text) : throw new UsageException($"{CacheFolder.Name} is a folder's path, and not empty");

    private static TimeSpan ParseTimeout(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{Timeout.Name} is a number of seconds, not {text}");
}
