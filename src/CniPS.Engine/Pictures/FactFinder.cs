using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Plugins.Meta;

namespace CniPS.Pictures;

/// <summary>
/// What is known of an interface besides itself: its addresses, whether the host masquerades them, the host's ports that lead to it. Asked is
/// the kernel, not a configuration: CniPS's own nf_tables, and whatever iptables has in its tables, whoever wrote it there.
/// </summary>
internal sealed class FactFinder
{
    private readonly HashSet<IPAddress> _masqueraded = [];
    private readonly Dictionary<IPAddress, SortedSet<(string HostPort, string Port)>> _ports = [];

    internal FactFinder(IHost host, List<string> warnings)
    {
        INftablesView nftables = host.Nftables(host.Namespace);
        foreach (MasqueradedAddress masqueraded in Masquerade.List(nftables, host.Namespace))
        {
            _masqueraded.Add(masqueraded.Address.Address);
        }

        foreach (ForwardedPort port in PortForwarding.List(nftables, host.Namespace))
        {
            string at = port.HostAddress is { } address ? $"{new IPEndPoint(address, port.HostPort)}" : $"{port.HostPort}";
            AddPort(port.Address, $"{at}/{PortMapping.Word(port.Protocol)}", $"{port.Port}");
        }

        foreach (bool v6 in (bool[])[false, true])
        {
            ReadIptables(host.Iptables(host.Namespace), new IptablesTable(v6, "nat"), warnings);
        }
    }

    /// <summary>What is known of an interface.</summary>
    internal IReadOnlyList<TopologyFact> Of(Link link, IReadOnlyList<InterfaceAddress> addresses)
    {
        List<TopologyFact> facts = [], ports = [];
        bool isMasqueraded = false;
        foreach (InterfaceAddress address in addresses)
        {
            if (address.LinkIndex != link.Index || !address.IsGlobal)
            {
                continue;
            }

            facts.Add(new TopologyFact(TopologyFactKind.Address, address.Address.ToString()) { Address = address.Address });
            isMasqueraded |= _masqueraded.Contains(address.Address.Address);
            foreach ((string hostPort, string port) in _ports.GetValueOrDefault(address.Address.Address) ?? [])
            {
                string text = $"{hostPort} → {port}";
                if (!ports.Exists(other => other.Text == text))
                {
                    ports.Add(new TopologyFact(TopologyFactKind.Port, text) { HostPort = hostPort });
                }
            }
        }

        facts.Sort((a, b) => NaturalOrder.Instance.Compare(a.Text, b.Text));
        ports.Sort((a, b) => NaturalOrder.Instance.Compare(a.Text, b.Text));
        return [.. facts, .. isMasqueraded ? (TopologyFact[])[new TopologyFact(TopologyFactKind.Masquerade, "masquerade")] : [], .. ports];
    }

    // The Go plugins' rules, and anybody's who writes them alike: -s ADDRESS to a chain that masquerades; --dport PORT … --to-destination ADDRESS:PORT.
    private void ReadIptables(IIptablesView view, IptablesTable table, List<string> warnings)
    {
        if (!view.IsAvailable(table.IsV6) || !view.MayHave(table))
        {
            return;
        }

        try
        {
            IptablesContent content = view.Read(table);
            foreach (string chain in content.Chains)
            {
                foreach (IptablesRule rule in content.RulesOf(chain))
                {
                    ReadRule(content, rule);
                }
            }
        }
        catch (IptablesException e)
        {
            warnings.Add($"Masquerading and ports by {table} are not shown: {e.Message}");
        }
    }

    private void ReadRule(IptablesContent content, IptablesRule rule)
    {
        if (rule.Target == "DNAT" && IPEndPoint.TryParse(rule.ValueOf("--to-destination") ?? "", out IPEndPoint? to) && rule.ValueOf("--dport") is { } port)
        {
            string at = AddressOf(rule.ValueOf("-d")) is { } address && int.TryParse(port, out int number) ? new IPEndPoint(address, number).ToString() : port;
            AddPort(to.Address, $"{at}/{rule.ValueOf("-p") ?? "tcp"}", $"{to.Port}");
        }
        else if (AddressOf(rule.ValueOf("-s")) is { } source && rule.Target is { } target && Masquerades(content, target))
        {
            _masqueraded.Add(source);
        }
    }

    private static bool Masquerades(IptablesContent content, string target)
    {
        foreach (IptablesRule rule in content.RulesOf(target))
        {
            if (rule.Target == "MASQUERADE")
            {
                return true;
            }
        }

        return target == "MASQUERADE";
    }

    // Of one host only: 10.15.20.2, 10.15.20.2/32.
    private static IPAddress? AddressOf(string? text) =>
        text is null ? null
        : IpPrefix.TryParse(text, out IpPrefix prefix) ? (prefix == IpPrefix.Host(prefix.Address) ? prefix.Address : null)
        : IPAddress.TryParse(text, out IPAddress? address) ? address : null;

    private void AddPort(IPAddress address, string hostPort, string port)
    {
        if (!_ports.TryGetValue(address, out SortedSet<(string, string)>? ports))
        {
            _ports[address] = ports = [];
        }

        ports.Add((hostPort, port));
    }
}
