using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Text.Json;
using CniPS.Diagnosis;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>
/// A host with two containers (blue, red) on a bridge, masqueraded, both versions of IP, a published port of red, and a machine outside that has no
/// way to the containers but by the host's address. Or the same without a bridge, each container at a wire of its own (ptp).
/// </summary>
internal sealed class FaultNetwork : IDisposable
{
    private readonly TestNetwork _network = new();

    private const string Bridge = """{"type": "bridge", "bridge": "cni_bridge0", "isGateway": true, "ipMasq": true, "hairpinMode": true, @IPAM@}""";

    internal const string Ptp = """{"type": "ptp", "ipMasq": true, @IPAM@}""";

    /// <summary>Makes it.</summary>
    /// <param name="plugin">What connects the containers; null for the bridge.</param>
    internal FaultNetwork(string? plugin = null)
    {
        _network.Use(
            (plugin ?? Bridge) + """, {"type": "portmap", "capabilities": {"portMappings": true}}""",
            ipam: "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15:20::/64\"}]], \"routes\": [{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}]");
        _network.Add("blue");
        Attachment red = _network.Attachment("red") with
        {
            CapabilityArgs = [new("portMappings", JsonSerializer.SerializeToElement(JsonDocument.Parse("""[{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]""").RootElement))],
        };
        _network.Runtime.Add(_network.List, red);
        Outside = _network.Container("outside");
        Shell($"""
            ip -n @host link add up0 type veth peer name eth0 netns @outside
            ip -n @host addr add 192.0.2.1/24 dev up0; ip -n @host addr add fd00:ff::1/64 dev up0 nodad; ip -n @host link set up0 up
            ip -n @outside addr add 192.0.2.9/24 dev eth0; ip -n @outside addr add fd00:ff::9/64 dev eth0 nodad; ip -n @outside link set eth0 up; ip -n @outside link set lo up
            """);
    }

    internal TestNetwork Network => _network;

    internal string Outside { get; }

    /// <summary>Runs shell commands in which @host, @blue, @red and @outside are namespaces, @vblue and @vred the host's ends, @mred the address of red's link.</summary>
    internal void Shell(string commands)
    {
        foreach (string name in (string[])["blue", "red", "outside"])
        {
            commands = commands.Replace("@v" + name, HostEnd(commands, name), StringComparison.Ordinal).Replace("@m" + name, MacOf(commands, name), StringComparison.Ordinal)
                .Replace("@" + name, _network.Container(name), StringComparison.Ordinal);
        }

        Sandbox.Run("set -e; " + commands.Replace("@host", _network.HostName, StringComparison.Ordinal));
    }

    internal IReadOnlyList<PathReport> Follow(string? from, string? to, ProtocolType protocol = ProtocolType.Icmp, ushort port = 0, ushort? published = null, bool probes = false) =>
        ConnectionDiagnosis.Follow(_network.Sandbox.Host, _network.Runtime.Cache.List(), new PathQuestion(from == "outside" ? Outside : from, to == "outside" ? Outside : to)
        {
            Protocol = protocol,
            Port = port,
            Published = published,
            Probes = probes,
        });

    internal bool Pings(string from, string address) =>
        Sandbox.TryRun($"ip netns exec {(from == "host" ? _network.HostName : _network.Container(from))} ping -c 1 -W 1 {address}").Status == 0;

    /// <summary>What is wrong is found, and called so.</summary>
    internal void IsNamed(string id, string from, string to)
    {
        IReadOnlyList<PathReport> broken = Follow(from, to);
        Assert.True(broken.SelectMany(report => report.Causes).Any(cause => cause.Id == id), $"{id} was not found:\n{Show(broken)}");
    }

    /// <summary>What is found can be mended, one behind the other, and then packets really pass.</summary>
    /// <returns>What was found.</returns>
    internal List<string> IsMended(string from, string to)
    {
        List<string> found = [];
        while (Follow(from, to).SelectMany(report => report.Causes).FirstOrDefault() is { } cause)
        {
            Assert.True(found.Count < 8, $"it takes no end: {string.Join(", ", found)}\n{Show(Follow(from, to))}");
            found.Add(cause.Id);
            Repair(cause);
        }

        IsHealthy(from, to);
        return found;
    }

    /// <summary>Nothing is found, and packets really pass.</summary>
    internal void IsHealthy(string from, string to)
    {
        IReadOnlyList<PathReport> reports = Follow(from, to);
        Assert.All(reports, report => Assert.True(report.IsReachable, Show(reports)));
        int tries = 0;
        while (!Pings(from, to)) // the kernel takes its time: links come up, addresses of IPv6 are looked for
        {
            Assert.True(++tries < 5, "what is called healthy doesn't work:\n" + Show(reports));
        }
    }

    /// <summary>Mends what was found: by changes where there are any, else by the command.</summary>
    internal void Repair(Cause cause)
    {
        if (cause.Repair.Count > 0)
        {
            _network.Sandbox.Host.Apply(cause.Repair);
        }
        else
        {
            Sandbox.Run(cause.Advice);
        }
    }

    internal static string Show(IEnumerable<PathReport> reports) =>
        string.Join("\n", reports.SelectMany(report => report.Hops.Select(hop => $"{(hop.IsBack ? "<" : ">")} {hop} [{hop.Evidence}] {hop.Packet} {hop.Verdict} {hop.Cause?.Id} {hop.Cause?.Advice}")));

    private string MacOf(string commands, string name) => commands.Contains("@m" + name, StringComparison.Ordinal)
        ? Sandbox.Run($"ip -n {_network.Container(name)} -br link show eth0 | awk '{{print $3}}'").Trim() : "";

    /// <summary>The host's end of a container's pair.</summary>
    internal string EndOf(string name) => HostEnd("@v" + name, name);

    private string HostEnd(string commands, string name)
    {
        if (!commands.Contains("@v" + name, StringComparison.Ordinal))
        {
            return "";
        }

        IHost host = _network.Sandbox.Host;
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(_network.Container(name)));
        Link inside = host.FindLink(ns, "eth0")!;
        return host.FindLink(host.Namespace, inside.Peer)!.Name;
    }

    public void Dispose() => _network.Dispose();
}
