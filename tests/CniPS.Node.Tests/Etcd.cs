using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>A member of etcd of a test's own: a folder, and ports that nobody uses.</summary>
internal sealed class Etcd : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly int _port = FreePort(), _peerPort = FreePort();
    private readonly string _root = Directory.CreateTempSubdirectory("cnips-etcd-").FullName;
    private readonly string? _namespace;
    private readonly string _address, _name;
    private Process? _process;
    private string _data;

    /// <summary>Starts one that is alone.</summary>
    /// <param name="ns">The network namespace that it is in; null for this one.</param>
    /// <param name="address">Where it listens.</param>
    internal Etcd(string? ns = null, string address = "127.0.0.1")
        : this("default", ns, address)
    {
        Start();
    }

    private Etcd(string name, string? ns, string address)
    {
        _name = name;
        _namespace = ns;
        _address = address;
        Assert.SkipUnless(File.Exists("/usr/bin/etcd") && File.Exists("/usr/bin/etcdctl"), "needs etcd (Debian: etcd-server, etcd-client)");
        _data = Path.Combine(_root, "data");
        Cluster = $"{name}={Peer}";
    }

    internal string Endpoint => $"{(Secrets is null ? "http" : "https")}://{_address}:{_port}";

    /// <summary>The certificates by which it is asked; null where anybody may ask.</summary>
    internal Certificates? Secrets { get; private init; }

    /// <summary>As whom etcdctl asks, <c>NAME:PASSWORD</c>; null as nobody.</summary>
    internal string? User { get; set; }

    private string Cluster { get; set; }

    private string Peer => $"http://{_address}:{_peerPort}";

    /// <summary>Starts three members of one cluster.</summary>
    internal static IReadOnlyList<Etcd> StartThree(string? ns = null, string address = "127.0.0.1")
    {
        Etcd[] members = [.. ((string[])["a", "b", "c"]).Select(name => new Etcd(name, ns, address))];
        string cluster = string.Join(',', members.Select(member => member.Cluster));
        foreach (Etcd member in members)
        {
            member.Cluster = cluster;
            member.Launch();
        }

        Array.ForEach(members, static member => member.WaitUntilHealthy());
        return members;
    }

    /// <summary>Starts one that only answers who shows a certificate.</summary>
    internal static Etcd StartSecure(Certificates certificates)
    {
        Etcd etcd = new("default", null, "127.0.0.1") { Secrets = certificates };
        etcd.Start();
        return etcd;
    }

    /// <summary>Whether it is the cluster's leader.</summary>
    internal bool Leads()
    {
        using JsonDocument status = JsonDocument.Parse(Ctl("endpoint", "status", "-w", "json").Output);
        JsonElement of = status.RootElement[0].GetProperty("Status");
        return of.GetProperty("leader").GetUInt64() == of.GetProperty("header").GetProperty("member_id").GetUInt64();
    }

    internal void Start()
    {
        Launch();
        WaitUntilHealthy();
    }

    private void Launch()
    {
        _process = Process.Start(Program("/usr/bin/etcd",
        [
            "--name", _name, "--data-dir", _data, "--listen-client-urls", Endpoint, "--advertise-client-urls", Endpoint,
            "--listen-peer-urls", Peer, "--initial-advertise-peer-urls", Peer, "--initial-cluster", Cluster, "--logger", "zap", "--log-level", "error",
            .. Secrets?.ForServer ?? [],
        ]))!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    private void WaitUntilHealthy()
    {
        long begin = Stopwatch.GetTimestamp();
        while (Ctl("endpoint", "health").Status != 0)
        {
            Assert.False(_process!.HasExited, "etcd ended");
            Assert.True(Stopwatch.GetElapsedTime(begin) < s_patience, "etcd does not answer");
            Thread.Sleep(200);
        }
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    internal void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Saves what it holds.</summary>
    internal string Save()
    {
        string file = Path.Combine(_root, "snapshot");
        (int status, string output) = Ctl("snapshot", "save", file);
        Assert.True(status == 0, output);
        return file;
    }

    /// <summary>Puts what was saved in the place of what it holds.</summary>
    internal void Restore(string file)
    {
        Kill();
        _data = Path.Combine(_root, "restored");
        (int status, string output) = Ctl(
            "snapshot", "restore", file, "--data-dir", _data, "--name", "default", "--initial-cluster", $"default={Peer}", "--initial-advertise-peer-urls", Peer);
        Assert.True(status == 0, output);
        Start();
    }

    internal (int Status, string Output) Ctl(params string[] arguments)
    {
        ProcessStartInfo start = Program("/usr/bin/etcdctl", [.. Secrets?.ForClient ?? [], .. User is null ? (string[])[] : ["--user", User], .. arguments]);
        start.Environment["ETCDCTL_API"] = "3";
        start.Environment["ETCDCTL_ENDPOINTS"] = Endpoint;
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        Directory.Delete(_root, recursive: true);
    }

    // What ip runs takes its place.
    private ProcessStartInfo Program(string path, string[] arguments) =>
        new(_namespace is null ? path : "/usr/sbin/ip", _namespace is null ? arguments : ["netns", "exec", _namespace, path, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
