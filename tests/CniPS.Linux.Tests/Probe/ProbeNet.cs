using System;
using System.Diagnostics;
using System.Net;
using System.Threading;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Probe;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>A router with two containers, a (10.15.1.2, fd15:1::2) behind va and b (10.15.2.2, fd15:2::2) behind vb.</summary>
internal sealed class ProbeNet : IDisposable
{
    internal static readonly IPAddress B4 = IPAddress.Parse("10.15.2.2"), B6 = IPAddress.Parse("fd15:2::2"), Router4 = IPAddress.Parse("10.15.1.1");

    private readonly Sandbox _box = new();
    private readonly string _a, _b;

    internal ProbeNet()
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/sbin/nft"), "needs nft");
        _a = _box.AddNamespace("a");
        _b = _box.AddNamespace("b");
        foreach ((string name, string letter, int number) in (ReadOnlySpan<(string, string, int)>)[(_a, "a", 1), (_b, "b", 2)])
        {
            Sandbox.Run($"ip -n {_box.HostName} link add v{letter} type veth peer name eth0 netns {name}");
            Sandbox.Run($"ip -n {name} link set lo up; ip -n {name} link set eth0 up; ip -n {_box.HostName} link set v{letter} up");
            Sandbox.Run($"ip -n {_box.HostName} addr add 10.15.{number}.1/24 dev v{letter}; ip -n {_box.HostName} -6 addr add fd15:{number}::1/64 dev v{letter} nodad");
            Sandbox.Run($"ip -n {name} addr add 10.15.{number}.2/24 dev eth0; ip -n {name} -6 addr add fd15:{number}::2/64 dev eth0 nodad");
            Sandbox.Run($"ip -n {name} route add default via 10.15.{number}.1; ip -n {name} -6 route add default via fd15:{number}::1");
        }

        Sandbox.Run($"ip netns exec {_box.HostName} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'");
        foreach (string name in (ReadOnlySpan<string>)[_a, _b, _box.HostName])
        {
            while (Sandbox.Run($"ip -n {name} -6 addr show tentative").Length > 0)
            {
                Thread.Sleep(50);
            }
        }

        A = NetworkNamespace.Open(NamedNamespaces.PathOf(_a));
        B = NetworkNamespace.Open(NamedNamespaces.PathOf(_b));
    }

    internal NetworkNamespace A { get; }

    internal NetworkNamespace B { get; }

    internal NetworkNamespace Router => _box.Host.Namespace;

    internal string Folder => _box.Folder;

    /// <summary>Runs a command on the router, or in a container.</summary>
    internal string Run(string command, char where = 'r') => Sandbox.Run($"ip netns exec {Name(where)} {command}");

    internal string Name(char where) => where switch { 'a' => _a, 'b' => _b, _ => _box.HostName };

    /// <summary>Begins a program there that goes on until it is killed.</summary>
    internal Process Start(char where, params string[] command) =>
        Process.Start(new ProcessStartInfo("/usr/sbin/ip", ["netns", "exec", Name(where), .. command]) { RedirectStandardOutput = true })!;

    /// <summary>Sends from a, and looks everywhere.</summary>
    internal ProbeReport Send(ProbePacket packet, double seconds = 2) => NetworkProbe.Send(
        A, packet, [new ProbePoint(A), new ProbePoint(Router, "va"), new ProbePoint(B)], TimeSpan.FromSeconds(seconds), CancellationToken.None);

    /// <summary>What nf_tables and the kernel's list of connections have left of a probe.</summary>
    internal string Remains => Run("nft list ruleset") + Run("nft list ruleset", 'a') + Run("nft list ruleset", 'b')
        + Run("cat /proc/net/nf_conntrack || true") + Run("cat /proc/net/nf_conntrack || true", 'a');

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        _box.Dispose();
    }
}
