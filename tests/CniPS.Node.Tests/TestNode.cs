using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>A node: cnipsd as a process of its own, and the plugin cluster on folders of its own.</summary>
internal sealed class TestNode : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly LinuxHost _host = new();
    private readonly string _endpoint;
    private readonly string _log;
    private readonly string[] _inside;
    private Process? _process;

    /// <summary>Makes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="endpoint">etcd.</param>
    /// <param name="start">Whether its cnipsd is started.</param>
    /// <param name="inside">What runs cnipsd elsewhere, and becomes it: ip netns exec ...</param>
    /// <param name="root">What goes before its folder's path for who looks from outside.</param>
    internal TestNode(string name, string endpoint, bool start = true, string[]? inside = null, string root = "")
    {
        Name = name;
        _endpoint = endpoint;
        _inside = inside ?? [];
        Root = root;
        _log = Path.Combine(Folder, "log");
        if (start)
        {
            Start();
        }
    }

    /// <summary>Where the runtime is that this test runs on.</summary>
    internal static string DotNetRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    internal string Name { get; }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("cnips-node-").FullName;

    private string Root { get; }

    internal string Socket => Path.Combine(Folder, "run/cnipsd.sock");

    internal string State => Path.Combine(Folder, "state");

    internal int ProcessId => _process!.Id;

    internal string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts the daemon, and waits until it listens.</summary>
    internal void Start(params string[] options)
    {
        _process = Launch(options);
        WaitFor(() => _process.HasExited || IsServing(), "cnipsd listens");
        Assert.False(_process.HasExited, Log);
    }

    /// <summary>Runs the daemon to its end.</summary>
    internal (int Status, string Output) Run(params string[] options)
    {
        using Process process = Launch(options);
        process.WaitForExit(s_patience);
        return (process.ExitCode, Log);
    }

    /// <summary>Ends the daemon at once (SIGKILL).</summary>
    internal void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>The addresses that ADD gives, or the error.</summary>
    internal string Add(string id, string ipam, string args = "")
    {
        try
        {
            return string.Join(' ', AddOrThrow(id, ipam, args));
        }
        catch (CniException e)
        {
            return $"{e.ErrorId}: {e.Message}";
        }
    }

    internal IReadOnlyList<string> AddOrThrow(string id, string ipam, string args = "")
    {
        List<string> addresses = [];
        foreach (CniIPConfig ip in Call(CniVerb.Add, id, ipam, args)!.ConvertTo("1.1.0").Ips)
        {
            addresses.Add(ip.Address!.Value.Address.ToString());
        }

        return addresses;
    }

    internal CniResult? Call(CniVerb verb, string id, string ipam, string args = "")
    {
        PluginInvoker invoker = new(_host, RuntimeOptions.Default with { PluginSource = PluginSource.Native });
        Transaction transaction = new(_host);
        using PluginContext context = new() { Host = _host, Transaction = transaction, Plugins = invoker };
        string config = $$"""
            {"cniVersion":"1.1.0","name":"net","type":"x","ipam":{"type":"cluster","dataDir":"{{Folder}}/data","stateDir":"{{Root}}{{State}}","daemonSocketPath":"{{Socket}}",{{ipam}} } }
            """;
        try
        {
            return invoker.Invoke("cluster", new PluginRequest
            {
                Verb = verb, ContainerId = id, InterfaceName = "eth0", NetNS = "/none", Args = CniArgs.Parse(args), Config = Encoding.UTF8.GetBytes(config),
            }, context);
        }
        catch (CniException)
        {
            transaction.Rollback();
            throw;
        }
    }

    internal static void WaitFor(Func<bool> condition, string what)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < s_patience, $"not within {s_patience}: {what}");
            Thread.Sleep(100);
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Process Launch(string[] options)
    {
        // The shell keeps what it says in a file, and becomes it.
        ProcessStartInfo start = new("/bin/sh",
        [
            "-c", "log=$1; shift; exec \"$@\" 2>>\"$log\" >>\"$log\"", "sh", _log, .. _inside, Path.Combine(AppContext.BaseDirectory, "cnipsd"),
            "--endpoints", _endpoint, "--node", Name, "--state", State, "--socket", Socket, "--settling", "5", "--timeout", "30",
            "--idle", "0", "--spare", "false", "--dhcp", "false", .. options,
        ]);
        start.Environment["DOTNET_ROOT"] = DotNetRoot;
        return Process.Start(start)!;
    }

    private bool IsServing()
    {
        try
        {
            ClusterDaemon.Blocks(Socket);
            return true;
        }
        catch (CniException)
        {
            return false;
        }
    }
}
