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
/// way to the containers but by the host's address.
/// </summary>
internal sealed class FaultNetwork : IDisposable
{
    private readonly TestNetwork _network = new();

    internal FaultNetwork()
    {
        _network.Use(
            """
            {"type": "bridge", "bridge": "cni_bridge0", "isGateway": true, "ipMasq": true, "hairpinMode": true, @IPAM@}, {"type": "portmap", "capabilities": {"portMappings": true}}
            """,
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

    /// <summary>Runs shell commands in which @host, @blue, @red and @outside are namespaces, @vblue and @vred the host's ends.</summary>
    internal void Shell(string commands)
    {
        foreach (string name in (string[])["blue", "red", "outside"])
        {
            commands = commands.Replace("@v" + name, HostEnd(commands, name), StringComparison.Ordinal).Replace("@" + name, _network.Container(name), StringComparison.Ordinal);
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
