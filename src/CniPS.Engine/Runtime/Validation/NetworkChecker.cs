using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Finds everything that is wrong with a network's configuration, before anybody is attached to it: its text, its plugins, their keys,
/// versions and capabilities, and its subnets against those of other networks and of the host. Nothing is changed; programs are asked for
/// their VERSION only.
/// </summary>
public sealed class NetworkChecker
{
    private readonly IHost _host;
    private readonly RuntimeOptions _options;
    private readonly IOperationObserver? _observer;

    /// <summary>Makes a checker.</summary>
    /// <param name="host">The machine, whose routes are looked at.</param>
    /// <param name="options">Where plugins are taken from.</param>
    /// <param name="observer">Is told of calls of plugin programs.</param>
    public NetworkChecker(IHost host, RuntimeOptions options, IOperationObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _host = host;
        _options = options;
        _observer = observer;
    }

    /// <summary>Checks a file, against the other networks of its folder.</summary>
    /// <param name="path">The file: a list or a single plugin's configuration.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <returns>Its problems by file, line and column; none if all is well.</returns>
    public IReadOnlyList<NetworkProblem> CheckFile(string path, CancellationToken cancellation = default) => CheckFile(path, null, cancellation);

    /// <summary>Checks a file, against the other networks of its folder and of another one.</summary>
    /// <param name="path">The file: a list or a single plugin's configuration.</param>
    /// <param name="folder">The other folder: the one that networks are taken from; null for none.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <returns>Its problems by file, line and column; none if all is well.</returns>
    public IReadOnlyList<NetworkProblem> CheckFile(string path, string? folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        string own = FolderOf(path);
        List<string> files = ConfigurationFiles.All(own);
        if (folder is not null && Path.GetFullPath(folder) != own)
        {
            files.AddRange(ConfigurationFiles.All(folder));
        }

        return CheckAgainst(path, Others(files, path), cancellation);
    }

    /// <summary>Checks all files of a folder, each against those before it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <returns>The problems, file by file.</returns>
    /// <exception cref="CniException">The folder can't be read.</exception>
    public IReadOnlyList<NetworkProblem> CheckFolder(string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        List<NetworkProblem> problems = [];
        List<string> before = [];
        foreach (string file in ConfigurationFiles.All(folder))
        {
            problems.AddRange(CheckAgainst(file, Others(before, file), cancellation));
            before.Add(file);
        }

        return problems;
    }

    /// <summary>Checks a network that was read or made: the file it was read from, where that is still there, or else its text.</summary>
    /// <param name="list">The network.</param>
    /// <param name="folder">The folder of the other networks; null where it is not to be held against others.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <returns>As <see cref="CheckFile(string, CancellationToken)"/>.</returns>
    public IReadOnlyList<NetworkProblem> Check(NetworkConfigurationList list, string? folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Source is { } file && File.Exists(file)
            ? CheckFile(file, folder, cancellation)
            : CheckText(list.Bytes, list.Source, folder, cancellation);
    }

    /// <summary>Checks a text.</summary>
    /// <param name="text">A list or a single plugin's configuration, UTF-8.</param>
    /// <param name="source">The file it comes from, for positions.</param>
    /// <param name="folder">The folder of the other networks; null where it is not to be held against others.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <returns>As <see cref="CheckFile(string, CancellationToken)"/>.</returns>
    public IReadOnlyList<NetworkProblem> CheckText(
        ReadOnlyMemory<byte> text, string? source, string? folder = null, CancellationToken cancellation = default)
    {
        ProblemCollector problems = new();
        if (NetworkTextReader.Read(text, source, problems) is { } list)
        {
            Check(list, folder is null ? [] : Others(ConfigurationFiles.All(folder), source), problems, cancellation);
        }

        return problems.InOrder();
    }

    /// <summary>What the native plugins of a network say of their configurations: values that they refuse, keys that they don't know. The machine is not looked at.</summary>
    /// <param name="list">The network.</param>
    /// <returns>The problems; none where all is well, or no plugin of it is native.</returns>
    public static IReadOnlyList<NetworkProblem> CheckPlugins(NetworkConfigurationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        ProblemCollector problems = new() { Network = list.Name };
        ChainCheck.Check(list, IsBuiltIn, problems);
        NativeCheck.Check(list, IsBuiltIn, problems);
        return problems.InOrder();

        static bool IsBuiltIn(string type) => NativePlugins.Find(type) is not null;
    }

    /// <summary>Finds the file of a network in a folder, even where what it holds can't be used; what is no JSON at all has no name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The network's name.</param>
    /// <exception cref="CniException">
    /// There is none (<see cref="CniErrorIds.NetworkNotFound"/>, <see cref="CniErrorIds.NoNetworkConfigurations"/>).
    /// </exception>
    public static string FindFile(string folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(name);
        // In the order in which every command looks for a name: lists before single plugins.
        foreach (string file in (List<string>)[.. ConfigurationFiles.Lists(folder), .. ConfigurationFiles.Singles(folder)])
        {
            ProblemCollector ignored = new();
            if (NetworkTextReader.ReadFile(file, ignored)?.Name == name)
            {
                return file;
            }
        }

        // It isn't there, or is in a file that can't be read: the usual search says so in full.
        return new NetworkConfigurationFolder(folder).Load(name, strict: false).Source!;
    }

    private IReadOnlyList<NetworkProblem> CheckAgainst(string path, IReadOnlyList<NetworkConfigurationList> others, CancellationToken cancellation)
    {
        ProblemCollector problems = new();
        if (NetworkTextReader.ReadFile(path, problems) is { } list)
        {
            Check(list, others, problems, cancellation);
        }

        return problems.InOrder();
    }

    private void Check(
        NetworkConfigurationList list, IReadOnlyList<NetworkConfigurationList> others, ProblemCollector problems, CancellationToken cancellation)
    {
        ListKeyCheck.Check(list, problems);
        CheckName(list, others, problems);
        PluginInvoker invoker = new(_host, _options);
        ChainCheck.Check(list, invoker.IsNative, problems);
        NativeCheck.Check(list, invoker.IsNative, problems);
        CapabilityCheck.Check(list, problems);
        SpoofCheckCheck.Check(list, problems);
        SubnetCheck.CheckGateways(list, problems);
        SubnetCheck.CheckOthers(list, others, problems);
        try
        {
            SubnetCheck.CheckRoutes(list, _host, problems);
            BridgeAddressCheck.Check(list, invoker.IsNative, _host, problems);
            ForwardPolicyCheck.Check(list, invoker.IsNative, _host, problems);
        }
        catch (LinuxException e)
        {
            problems.Add(KernelErrors.Wrap(e));
        }

        new AvailabilityCheck(_host, _options, _observer).Check(list, problems, cancellation);
    }

    private static void CheckName(NetworkConfigurationList list, IReadOnlyList<NetworkConfigurationList> others, ProblemCollector problems)
    {
        foreach (NetworkConfigurationList other in list.Source is null ? [] : others)
        {
            if (other.Name == list.Name && list.Name.Length > 0 && FolderOf(other.Source!) == FolderOf(list.Source!))
            {
                JsonPath name = JsonPath.Root.Property("name");
                problems.Add(
                    CniErrorIds.NetworkNameTaken,
                    ProblemSeverity.Warning,
                    list.Text is null ? list.Plugins[0].Locate(name) : list.Locate(name),
                    "name",
                    $"network {list.Name} is in {other.Source} as well: only one of the two is ever used",
                    "Give one of them another name, or remove its file.");
            }
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // What is broken collides with nothing: it is looked at on its own.
    private static List<NetworkConfigurationList> Others(List<string> files, string? except)
    {
        List<NetworkConfigurationList> others = [];
        foreach (string file in files)
        {
            try
            {
                if (except is null || Path.GetFullPath(file) != Path.GetFullPath(except))
                {
                    others.Add(NetworkConfigurationList.Load(file));
                }
            }
            catch (CniException)
            {
                continue;
            }
        }

        return others;
    }
}
