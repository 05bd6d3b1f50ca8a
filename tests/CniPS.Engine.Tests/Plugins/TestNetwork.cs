using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Plugins.Main;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>A private machine with a network on it, run by the native plugins.</summary>
internal sealed class TestNetwork : IDisposable
{
    internal const string Bridge = "cni_bridge0";

    private readonly Dictionary<string, string> _namespaces = [];

    internal TestNetwork(string plugin = "", string ipam = "", string version = "1.0.0", string name = "mybridge")
    {
        Sandbox = new Sandbox();
        List = Make(plugin, ipam, version, name);
    }

    internal Sandbox Sandbox { get; }

    internal NetworkConfigurationList List { get; set; }

    internal List<string> Steps { get; } = [];

    internal RuntimeOptions Options => RuntimeOptions.Default with { CacheFolder = Sandbox.CacheFolder, PluginSource = PluginSource.Native, Patience = TimeSpan.Zero };

    internal CniRuntime Runtime => new(Sandbox.Host, Options, new Recorder(Steps));

    internal string HostName => Sandbox.HostName;

    /// <summary>The bridge's list: keys of the plugin and of its ipam object are written as given.</summary>
    internal NetworkConfigurationList Make(string plugin = "", string ipam = "", string version = "1.0.0", string name = "mybridge")
    {
        ipam = ipam.Length > 0 ? ipam : "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]";
        plugin = plugin.Length > 0 ? plugin + "," : "";
        string json = $$"""
            {"cniVersion": "{{version}}", "name": "{{name}}", "plugins": [{"type": "bridge", "bridge": "{{Bridge}}", "isGateway": true, {{plugin}}
             "ipam": {"type": "host-local", "dataDir": "{{Sandbox.DataFolder}}", {{ipam}} } } ] }
            """;
        return NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Makes a list of any plugins the network's, written as given; @IPAM@ stands for host-local with its folder.</summary>
    internal void Use(string plugins, string version = "1.0.0", string ipam = "\"subnet\": \"10.15.20.0/24\"")
    {
        string address = $$"""
            "ipam": {"type": "host-local", "dataDir": "{{Sandbox.DataFolder}}", {{ipam}} }
            """;
        string json = $$"""{"cniVersion": "{{version}}", "name": "mybridge", "plugins": [{{plugins}}] }""";
        List = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json.Replace("@IPAM@", address, StringComparison.Ordinal)));
    }

    /// <summary>A runtime that finds a plugin program, too: a shell script.</summary>
    internal CniRuntime WithProgram(string type, string script)
    {
        string path = Path.Combine(Sandbox.Folder, type);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return new CniRuntime(Sandbox.Host, Options with { PluginSource = PluginSource.NativeFirst, PluginPath = [Sandbox.Folder] });
    }

    /// <summary>What ADD would do, as commands.</summary>
    internal IReadOnlyList<string> PlanAdd(string container)
    {
        PlannedHost planned = new(Sandbox.Host);
        new CniRuntime(planned, Options).Add(List, Attachment(container));
        List<string> commands = [];
        foreach (Change step in planned.Steps)
        {
            if (step is NamespaceChange)
            {
                commands.Add(step.Text);
            }
        }

        return commands;
    }

    /// <summary>A container's namespace, made at the first mention.</summary>
    internal string Container(string name)
    {
        if (!_namespaces.TryGetValue(name, out string? real))
        {
            _namespaces[name] = real = Sandbox.AddNamespace(name);
        }

        return real;
    }

    /// <summary>Takes note that a container's namespace is gone.</summary>
    internal void Forget(string name) => _namespaces.Remove(name);

    /// <summary>Removes a container's namespace, as when the container ends.</summary>
    internal void RemoveContainer(string name)
    {
        if (_namespaces.Remove(name, out string? real))
        {
            int? number = NumberOf(real);
            Sandbox.RemoveNamespace(real);
            for (int i = 0; number is not null && Sandbox.Host.GetLinks(Sandbox.Host.Namespace).Any(link => link.PeerNamespaceId == number) && i < 500; i++)
            {
                Thread.Sleep(10); // the kernel takes its time to end a namespace, and the pair with it
            }
        }
    }

    private int? NumberOf(string real)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(real));
        return Sandbox.Host.Namespace.NumberOf(ns);
    }

    /// <summary>The addresses that are given out.</summary>
    internal string[] Leases()
    {
        string[] names = Array.ConvertAll(Directory.GetFiles(Path.Join(Sandbox.DataFolder, List.Name)), file => Path.GetFileName(file)!);
        Array.Sort(names, StringComparer.Ordinal);
        return Array.FindAll(names, name => System.Net.IPAddress.TryParse(name, out _));
    }

    internal Attachment Attachment(string container, string interfaceName = "eth0", CniArgs? args = null) => new()
    {
        ContainerId = container,
        NetNS = NamedNamespaces.PathOf(Container(container)),
        InterfaceName = interfaceName,
        Args = args ?? CniArgs.Empty,
    };

    internal CniResult Add(string container, string interfaceName = "eth0") => Runtime.Add(List, Attachment(container, interfaceName))!;

    internal void Delete(string container, string interfaceName = "eth0") => Runtime.Delete(List, Attachment(container, interfaceName));

    internal IReadOnlyList<Difference> Check(string container) => Runtime.Check(List, Attachment(container));

    internal string In(string container, string command) => Sandbox.Run($"ip netns exec {Container(container)} {command}");

    /// <summary>Switches forwarding on, as it is once anything was attached: no rollback and no GC switches it off again.</summary>
    internal void Forward() => Sandbox.RunOnHost("sysctl -qw net.ipv4.ip_forward=1");

    /// <summary>Everything that a rolled back ADD must leave as it was: links, addresses, routes, rules, forwarding, leases, cache.</summary>
    internal string Snapshot()
    {
        StringBuilder text = new();
        foreach (string ns in (string[])[HostName, .. _namespaces.Values])
        {
            AppendNamespace(text, Sandbox.Look(ns));
        }

        foreach (string folder in (string[])[Sandbox.DataFolder, Path.Combine(Sandbox.CacheFolder, "results"), Path.Combine(Sandbox.CacheFolder, "cnips/intents")])
        {
            if (Directory.Exists(folder))
            {
                foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
                {
                    string name = Path.GetFileName(file);
                    bool bookkeeping = name is "lock" or "index" || name.StartsWith("last_reserved_ip", StringComparison.Ordinal);
                    if (!bookkeeping && (!folder.EndsWith("intents", StringComparison.Ordinal) || new FileInfo(file).Length > 0))
                    {
                        text.AppendLine(file);
                    }
                }
            }
        }

        return text.ToString();
    }

    // Links by their names, without what the kernel counts or chooses; all else as it is printed.
    private static void AppendNamespace(StringBuilder text, string seen)
    {
        List<string> links = [], others = [];
        foreach (string line in seen.Split('\n'))
        {
            Match link = Regex.Match(line, "^[0-9]+: ([^:@ ]+)[:@]"), address = Regex.Match(line, "^[0-9]+: (.*?)(valid_lft.*)?$");
            if (link.Success)
            {
                links.Add(link.Groups[1].Value);
            }
            else if (!address.Success)
            {
                others.Add(line.Replace(" linkdown", "", StringComparison.Ordinal));
            }
            else if (!line.Contains("fe80", StringComparison.Ordinal))
            {
                links.Add(address.Groups[1].Value);
            }
        }

        links.Sort(StringComparer.Ordinal);
        text.AppendJoin('\n', links).Append('\n').AppendJoin('\n', others);
    }

    public void Dispose() => Sandbox.Dispose();

    private sealed class Recorder(List<string> steps) : IOperationObserver
    {
        public void Calling(string type, PluginRequest request, string? program)
        {
            // Only changes are of interest here.
        }

        public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
        {
            // Only changes are of interest here.
        }

        public void Changed(Change change)
        {
            lock (steps)
            {
                steps.Add(change.Text);
            }
        }

        public void Warn(string message)
        {
            // Only changes are of interest here.
        }
    }
}
