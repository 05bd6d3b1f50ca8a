using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>host-local's configuration, complete and checked.</summary>
internal sealed record HostLocalConfiguration
{
    internal const string DefaultDataFolder = "/var/lib/cni/networks";

    internal required string DataFolder { get; init; }

    internal required IReadOnlyList<RangeSet> RangeSets { get; init; }

    /// <summary>Addresses asked for, by CNI_ARGS, <c>args.cni.ips</c> or the capability <c>ips</c>.</summary>
    internal required IReadOnlyList<IPAddress> Requested { get; init; }

    internal required IReadOnlyList<CniRoute> Routes { get; init; }

    internal string? ResolvConf { get; init; }

    internal static HostLocalConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PluginConfigReader ipam = root.GetObject("ipam") ?? throw root.Error("ipam", "IPAM config missing 'ipam' key");
        List<RangeSet> sets = [];
        foreach (PluginConfigValue set in root.GetObject("runtimeConfig")?.GetArray("ipRanges") ?? [])
        {
            Add(sets, set);
        }

        if (ipam.Has("subnet"))
        {
            Add(sets, ipam);
        }

        foreach (PluginConfigValue set in ipam.GetArray("ranges") ?? [])
        {
            Add(sets, set);
        }

        HostLocalConfiguration configuration = new()
        {
            DataFolder = ipam.GetString("dataDir") is { Length: > 0 } folder ? folder : DefaultDataFolder,
            RangeSets = sets,
            Requested = ReadRequested(call, root),
            Routes = ConfiguredRoutes.Read(ipam),
            ResolvConf = ipam.GetString("resolvConf") is { Length: > 0 } file ? file : null,
        };
        if (sets.Count == 0)
        {
            throw ipam.Error("ranges", "no IP ranges specified", "Give \"subnet\", or \"ranges\": [[{\"subnet\": \"10.1.0.0/16\"}]].");
        }

        CheckTogether(sets, ipam, call.CniVersion);
        return configuration;
    }

    private static void Add(List<RangeSet> sets, PluginConfigValue set)
    {
        List<AddressRange> ranges = [];
        foreach (PluginConfigValue range in set.AsArray() ?? [])
        {
            ranges.Add(ReadRange(sets.Count, range.AsObject() ?? throw range.Error("a range must be an object")));
        }

        sets.Add(Checked(sets.Count, () => new RangeSet(ranges), message => set.Error(message)));
    }

    private static void Add(List<RangeSet> sets, PluginConfigReader legacy)
    {
        AddressRange range = ReadRange(sets.Count, legacy);
        sets.Add(new RangeSet([range]));
    }

    private static AddressRange ReadRange(int index, PluginConfigReader range)
    {
        IpPrefix subnet = range.GetPrefix("subnet") ?? throw range.Error("subnet", $"invalid range set {index}: a range needs \"subnet\"");
        if (!subnet.IsV6 && range.GetString("subnet")!.Contains(':', StringComparison.Ordinal))
        {
            throw range.Error("subnet", $"invalid range set {index}: IPNet IP and Mask version mismatch", $"Write {subnet}.");
        }

        IPAddress? start = range.GetIp("rangeStart"), end = range.GetIp("rangeEnd"), gateway = range.GetIp("gateway");
        return Checked(index, () => AddressRange.Create(subnet, start, end, gateway), message => range.Error("subnet", message));
    }

    private static T Checked<T>(int index, Func<T> create, Func<string, CniException> error)
    {
        try
        {
            return create();
        }
        catch (FormatException e)
        {
            throw error($"invalid range set {index}: {e.Message}");
        }
    }

    private static void CheckTogether(List<RangeSet> sets, PluginConfigReader ipam, string version)
    {
        for (int i = 0; i < sets.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (sets[j].Overlaps(sets[i]))
                {
                    throw ipam.Error("ranges", $"range set {j} overlaps with {i}");
                }
            }
        }

        AddressVersions.Check(sets.ConvertAll(set => set.Ranges[0].Subnet.Family), version, message => ipam.Error("ranges", message));
    }

    private static List<IPAddress> ReadRequested(PluginCall call, PluginConfigReader root)
    {
        List<IPAddress> requested = [];
        if (call.Request.Args["IP"] is { } text)
        {
            requested.Add(ParseRequested(text) ?? throw new CniException(
                CniErrorIds.InvalidArgs,
                CniErrorCode.InvalidEnvironmentVariables,
                $"ARGS: error parsing value of pair \"IP={text}\": invalid IP address {text}"));
        }

        Add(root.GetObject("args")?.GetObject("cni")?.GetArray("ips"));
        Add(root.GetObject("runtimeConfig")?.GetArray("ips"));
        return requested;

        void Add(IReadOnlyList<PluginConfigValue>? values)
        {
            foreach (PluginConfigValue value in values ?? [])
            {
                IPAddress address = ParseRequested(value.AsString() ?? "") ?? throw value.Error($"invalid IP address: {value.AsString()}");
                if (!requested.Contains(address))
                {
                    requested.Add(address);
                }
            }
        }
    }

    // A prefix length may stand behind; it means nothing here.
    private static IPAddress? ParseRequested(string text) =>
        IpText.TryParse(text, out IPAddress? address) ? address
        : IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix.Address
        : null;
}
