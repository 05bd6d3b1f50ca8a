using System;
using System.Collections.Generic;
using System.Linq;
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

    /// <summary>Whether an address is one to give out: one of the ranges', and not a gateway's.</summary>
    internal bool Gives(IPAddress address)
    {
        foreach (RangeSet set in RangeSets)
        {
            if (set.Find(address) is { } range && !address.Equals(range.Gateway))
            {
                return true;
            }
        }

        return false;
    }

    internal static HostLocalConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        if (IpamKey.Find(root) is not { } ipam)
        {
            return new HostLocalConfiguration { DataFolder = DefaultDataFolder, RangeSets = [], Requested = [], Routes = [] };
        }

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
        // DEL gives back what is held, whatever the ranges are by now.
        if (call.Request.Verb != CniVerb.Delete && sets.Count == 0 && !ipam.Has("subnet") && ipam.GetArray("ranges") is not { Count: > 0 })
        {
            ipam.Report("ranges", "no IP ranges specified", "Give \"subnet\", or \"ranges\": [[{\"subnet\": \"10.1.0.0/16\"}]].");
        }

        CheckTogether(sets, ipam, call.CniVersion);
        return configuration;
    }

    private static void Add(List<RangeSet> sets, PluginConfigValue set)
    {
        List<AddressRange> ranges = [];
        foreach (PluginConfigValue range in set.AsArray() ?? [])
        {
            if (range.IsNull)
            {
                range.Report(range.Error("a range must be an object"));
            }
            else if (range.AsObject() is { } fields && ReadRange(sets.Count, fields) is { } read)
            {
                ranges.Add(read);
            }
        }

        // Ranges that are wrong have been reported already.
        bool isWrong = ranges.Count == 0 && set.AsArray() is { Count: > 0 };
        if (!isWrong && Checked(sets.Count, () => new RangeSet(ranges), message => set.Report(set.Error(message))) is { } made)
        {
            sets.Add(made);
        }
    }

    private static void Add(List<RangeSet> sets, PluginConfigReader legacy)
    {
        if (ReadRange(sets.Count, legacy) is { } range)
        {
            sets.Add(new RangeSet([range]));
        }
    }

    // Null where what is wrong has been reported, and reading goes on.
    private static AddressRange? ReadRange(int index, PluginConfigReader range)
    {
        IPAddress? start = range.GetIp("rangeStart"), end = range.GetIp("rangeEnd"), gateway = range.GetIp("gateway");
        if (range.GetPrefix("subnet") is not { } subnet)
        {
            if (range.GetString("subnet") is not { Length: > 0 })
            {
                range.Report("subnet", $"invalid range set {index}: a range needs \"subnet\"");
            }

            return null;
        }

        if (!subnet.IsV6 && range.GetString("subnet")!.Contains(':', StringComparison.Ordinal))
        {
            range.Report("subnet", $"invalid range set {index}: IPNet IP and Mask version mismatch", $"Write {subnet}.");
        }

        return Checked(index, () => AddressRange.Create(subnet, start, end, gateway), message => range.Report("subnet", message));
    }

    private static T? Checked<T>(int index, Func<T> create, Action<string> report)
        where T : class
    {
        try
        {
            return create();
        }
        catch (FormatException e)
        {
            report($"invalid range set {index}: {e.Message}");
            return null;
        }
    }

    // The first overlap is told of: any other only follows from what is wrong already.
    private static void CheckTogether(List<RangeSet> sets, PluginConfigReader ipam, string version)
    {
        RangeOverlap taken = new();
        int second = sets.FindIndex(set => !set.Ranges.All(taken.TryAdd));
        if (second >= 0)
        {
            ipam.Report("ranges", $"range set {sets.FindIndex(set => set.Overlaps(sets[second]))} overlaps with {second}");
        }

        AddressVersions.Check(sets.ConvertAll(set => set.Ranges[0].Subnet.Family), version, message => ipam.Error("ranges", message));
    }

    private static List<IPAddress> ReadRequested(PluginCall call, PluginConfigReader root)
    {
        List<IPAddress> requested = [];
        // DEL asks for none.
        if (call.Request.Verb != CniVerb.Delete && call.Request.Args["IP"] is { } text)
        {
            // Several, as the plugin static takes them: the Go program takes one.
            foreach (string one in text.Split(','))
            {
                requested.Add(ParseRequested(one) ?? throw new CniException(
                    CniErrorIds.InvalidArgs,
                    CniErrorCode.InvalidEnvironmentVariables,
                    $"ARGS: error parsing value of pair \"IP={text}\": invalid IP address {one}"));
            }
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
