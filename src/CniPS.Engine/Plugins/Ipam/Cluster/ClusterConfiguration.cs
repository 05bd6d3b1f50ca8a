using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>cluster's configuration, complete and checked.</summary>
internal sealed record ClusterConfiguration
{
    /// <summary>Blocks of 64 addresses.</summary>
    internal const int DefaultBlockSize4 = 26, DefaultBlockSize6 = 122;

    /// <summary>The whole network's ranges, addresses asked for, routes, DNS: all that host-local reads.</summary>
    internal required HostLocalConfiguration Whole { get; init; }

    internal int BlockSize4 { get; init; } = DefaultBlockSize4;

    internal int BlockSize6 { get; init; } = DefaultBlockSize6;

    /// <summary>What is never given out.</summary>
    internal IReadOnlyList<IpPrefix> Excluded { get; init; } = [];

    internal string Socket { get; init; } = ClusterDaemon.DefaultSocket;

    /// <summary>cnipsd's folder.</summary>
    internal string StateFolder { get; init; } = NodeBlocks.DefaultFolder;

    /// <summary>The length of a family's blocks.</summary>
    internal int BlockSizeOf(AddressFamily family) => family == AddressFamily.InterNetwork ? BlockSize4 : BlockSize6;

    internal static ClusterConfiguration Parse(PluginCall call)
    {
        HostLocalConfiguration whole = HostLocalConfiguration.Parse(call);
        if (new PluginConfigReader(call.Configuration).GetObject("ipam") is not { } ipam)
        {
            return new ClusterConfiguration { Whole = whole };
        }

        ClusterConfiguration configuration = new()
        {
            Whole = whole,
            BlockSize4 = ReadSize(ipam, "blockSize", DefaultBlockSize4, 32),
            BlockSize6 = ReadSize(ipam, "blockSize6", DefaultBlockSize6, 128),
            Excluded = ReadExcluded(ipam),
            Socket = ipam.GetString("daemonSocketPath") is { Length: > 0 } socket ? socket : ClusterDaemon.DefaultSocket,
            StateFolder = ipam.GetString("stateDir") is { Length: > 0 } folder ? folder : NodeBlocks.DefaultFolder,
        };
        configuration.CheckSizes(ipam, call);
        return configuration;
    }

    // A block is at least four addresses, and at most 65,536: what a node takes at once.
    private static int ReadSize(PluginConfigReader ipam, string key, int otherwise, int bits)
    {
        int size = ipam.GetInt(key) ?? otherwise;
        if (size < bits - 16 || size > bits - 2)
        {
            ipam.Report(key, $"a block of /{size}", $"Write a prefix length from {bits - 16} to {bits - 2}.");
            return otherwise;
        }

        return size;
    }

    private static List<IpPrefix> ReadExcluded(PluginConfigReader ipam)
    {
        List<IpPrefix> excluded = [];
        foreach (PluginConfigValue value in ipam.GetArray("exclude") ?? [])
        {
            if (value.AsString() is { } text)
            {
                if (IpText.TryParse(text, out System.Net.IPAddress? address))
                {
                    excluded.Add(IpPrefix.Host(address));
                }
                else if (IpPrefix.TryParse(text, out IpPrefix prefix))
                {
                    excluded.Add(prefix.Network);
                }
                else
                {
                    value.Report(value.Error($"neither an address nor a subnet: {text}"));
                }
            }
        }

        return excluded;
    }

    private void CheckSizes(PluginConfigReader ipam, PluginCall call)
    {
        if (call.Request.Verb == CniVerb.Delete)
        {
            return; // gives back what is held, whatever the blocks are by now
        }

        foreach (RangeSet set in Whole.RangeSets)
        {
            foreach (AddressRange range in set.Ranges)
            {
                int size = BlockSizeOf(range.Subnet.Family);
                if (size < range.Subnet.Length)
                {
                    ipam.Report(
                        range.Subnet.IsV6 ? "blockSize6" : "blockSize",
                        $"a block of /{size} is more than the subnet {range.Subnet} has",
                        $"Write {range.Subnet.Length} or more, or give a larger subnet.");
                    return;
                }
            }
        }
    }
}
