using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>What flanneld has written of this node: a file of lines <c>FLANNEL_SUBNET=10.244.1.1/24</c>.</summary>
internal sealed record FlannelSubnet
{
    /// <summary>The whole cluster's networks, each once.</summary>
    internal IReadOnlyList<IpPrefix> Networks { get; private init; } = [];

    /// <summary>This node's subnets, the one of IPv4 first.</summary>
    internal IReadOnlyList<IpPrefix> Subnets { get; private init; } = [];

    internal uint Mtu { get; private init; }

    /// <summary>Whether flanneld itself masquerades.</summary>
    internal bool Masquerades { get; private init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="CniException">It is missing, or something in it is (code 11: flanneld may still be starting).</exception>
    internal static FlannelSubnet Read(IHost host, string path)
    {
        byte[] content = host.ReadFile(path) ?? throw Error($"open {path}: no such file or directory", path);
        List<IpPrefix> networks4 = [], networks6 = [];
        IpPrefix? subnet4 = null, subnet6 = null;
        uint? mtu = null;
        bool? masquerades = null;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            int at = line.IndexOf('=', StringComparison.Ordinal);
            string key = at < 0 ? line : line[..at], value = at < 0 ? "" : line[(at + 1)..].TrimEnd('\r');
            switch (key)
            {
                case "FLANNEL_NETWORK": networks4 = NetworksOf(value, path); break;
                case "FLANNEL_IPV6_NETWORK": networks6 = NetworksOf(value, path); break;
                case "FLANNEL_SUBNET": subnet4 = Prefix(value, path); break;
                case "FLANNEL_IPV6_SUBNET": subnet6 = Prefix(value, path); break;
                case "FLANNEL_IPMASQ": masquerades = value == "true"; break;
                case "FLANNEL_MTU":
                    mtu = uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                        ? number
                        : throw Error($"{path}: FLANNEL_MTU is no number: {GoText.Quote(value)}", path);
                    break;
            }
        }

        List<string> missing = [];
        Require(networks4.Count + networks6.Count > 0, "FLANNEL_NETWORK, FLANNEL_IPV6_NETWORK");
        Require(subnet4 is not null || subnet6 is not null, "FLANNEL_SUBNET, FLANNEL_IPV6_SUBNET");
        Require(mtu is not null, "FLANNEL_MTU");
        Require(masquerades is not null, "FLANNEL_IPMASQ");
        if (missing.Count > 0)
        {
            throw Error($"{path} is missing {string.Join(", ", missing)}", path);
        }

        List<IpPrefix> subnets = [];
        foreach (IpPrefix? subnet in (IpPrefix?[])[subnet4, subnet6])
        {
            if (subnet is { } there)
            {
                subnets.Add(there);
            }
        }

        return new FlannelSubnet { Networks = [.. networks4, .. networks6], Subnets = subnets, Mtu = mtu!.Value, Masquerades = masquerades!.Value };

        void Require(bool isThere, string keys)
        {
            if (!isThere)
            {
                missing.Add(keys);
            }
        }
    }

    private static List<IpPrefix> NetworksOf(string value, string path)
    {
        List<IpPrefix> networks = [];
        foreach (string text in value.Split(','))
        {
            IpPrefix network = Prefix(text, path);
            if (!networks.Contains(network))
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    private static IpPrefix Prefix(string text, string path) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) && text.Contains('/') ? prefix.Network : throw Error($"{path}: invalid CIDR address: {text}", path);

    private static CniException Error(string problem, string path) =>
        new(CniErrorIds.UnreadableFile, CniErrorCode.TryAgainLater, $"failed to load flannel 'subnet.env' file: {problem}. Check the flannel pod log for this node.")
        {
            Target = path,
            RecommendedAction = "flanneld writes this file when it has got a subnet: see that it runs on this node.",
        };
}
