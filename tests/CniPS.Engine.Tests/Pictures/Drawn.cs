using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Pictures;

namespace CniPS.Engine.Tests.Pictures;

/// <summary>Pictures made up, of any size, without a machine.</summary>
internal static class Drawn
{
    /// <summary>A host with an uplink, bridges and containers in turn on each; every third has a port.</summary>
    internal static NetworkTopology Make(int containers, int bridges, string prefix = "c")
    {
        List<TopologyLink> links = [Link("host/eth0", TopologyRole.Uplink, null, Address("192.168.1.5/24"))];
        List<TopologyNamespace> namespaces = [];
        List<TopologyConnection> lines = [new("outside", "host/eth0", TopologyConnectionKind.Uplink)];
        for (int i = 0; i < bridges; i++)
        {
            links.Add(Link($"host/cni{i}", TopologyRole.Bridge, "bridge", Address($"10.{i}.0.1/16")));
            lines.Add(new($"host/cni{i}", "host/eth0", TopologyConnectionKind.Masquerade));
        }

        for (int i = 0; i < containers; i++)
        {
            string name = $"{prefix}{i}", veth = $"host/veth{i:x8}";
            List<TopologyFact> facts = [Address($"10.{i % bridges}.{(i + 2) / 256}.{(i + 2) % 256}/16"), new(TopologyFactKind.Masquerade, "masquerade")];
            if (i % 3 == 0)
            {
                facts.Add(new TopologyFact(TopologyFactKind.Port, $"{8000 + i}/tcp → 80") { HostPort = $"{8000 + i}/tcp" });
            }

            links.Add(Link(veth, TopologyRole.Veth, "veth"));
            namespaces.Add(new(name, name, "/run/netns/" + name, [Link($"{name}/eth0", TopologyRole.Interface, "veth", [.. facts])]));
            lines.Add(new($"host/cni{i % bridges}", veth, TopologyConnectionKind.Port));
            lines.Add(new(veth, $"{name}/eth0", TopologyConnectionKind.Pair));
        }

        return new NetworkTopology { HostName = "node7", Links = links, Namespaces = namespaces, Connections = lines };
    }

    internal static TopologyLink Link(string id, TopologyRole role, string? kind, params TopologyFact[] facts) =>
        new() { Id = id, Name = id[(id.IndexOf('/') + 1)..], Role = role, Kind = kind, IsUp = true, Mtu = 1500, Facts = facts };

    internal static TopologyFact Address(string text) => new(TopologyFactKind.Address, text) { Address = IpPrefix.Parse(text) };
}
