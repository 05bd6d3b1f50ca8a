using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>
/// Converts results between versions as libcni does, over 0.4.0 where the families are far apart. Unknown fields stay with what they belong
/// to, as far as that is there in the other version.
/// </summary>
internal static class ResultConverter
{
    /// <summary>Converts.</summary>
    /// <param name="result">The result.</param>
    /// <param name="version">The version wanted.</param>
    public static CniResult Convert(CniResult result, string version)
    {
        if (result.CniVersion == version)
        {
            return result;
        }

        ResultShape to = ResultShape.Of(version)
            ?? throw Impossible($"no converter for CNI result version {result.CniVersion} to {version}");
        ResultShape from = result.Shape;
        return from == to ? With(result, version, result.Interfaces, result.Ips, result.Routes, result.Ip4, result.Ip6)
            : to == ResultShape.PerFamily ? ToFamilies(result, version)
            : from == ResultShape.PerFamily ? FromFamilies(result, version)
            : to == ResultShape.Versioned ? ToVersioned(result, version)
            : FromVersioned(result, version);
    }

    private static CniResult FromFamilies(CniResult result, string version) =>
        ResultShape.Current.Has(version) ? FromVersioned(result, version) : With(result, version, [], result.Ips, result.Routes);

    private static CniResult FromVersioned(CniResult result, string version) =>
        With(result, version, result.Interfaces, Select(result.Ips, static ip => ip with { Version = null }), result.Routes);

    private static CniResult ToVersioned(CniResult result, string version) =>
        With(
            result,
            version,
            Select(result.Interfaces, static item => item with { Mtu = null, SocketPath = null, PciID = null }),
            Select(result.Ips, static ip => ip with { Version = IpVersion(ip) }),
            result.Routes);

    /// <summary>
    /// Takes the first address of each family. Results from 0.3.0 to 0.4.0 are taken at their word (<c>version</c>); routes go with their
    /// destination, and are dropped where their family has no address.
    /// </summary>
    private static CniResult ToFamilies(CniResult result, string version)
    {
        bool worded = result.Shape == ResultShape.Versioned;
        FamilyResult? ip4 = null, ip6 = null;
        foreach (CniIPConfig ip in result.Ips)
        {
            switch (worded ? ip.Version : IpVersion(ip))
            {
                case "4":
                    ip4 ??= Family(ip, "4", result.Routes);
                    break;
                case "6":
                    ip6 ??= Family(ip, "6", result.Routes);
                    break;
            }
        }

        return ip4 is null && ip6 is null
            ? throw Impossible("cannot convert: no valid IP addresses")
            : With(result, version, [], FamilyResults.Addresses(ip4, ip6), FamilyResults.Routes(ip4, ip6), ip4, ip6);
    }

    private static FamilyResult Family(CniIPConfig ip, string family, IReadOnlyList<CniRoute> routes)
    {
        var own = new List<CniRoute>();
        foreach (CniRoute route in routes)
        {
            if (route.Destination is { IsV6: false } == (family == "4"))
            {
                own.Add(new CniRoute { Destination = route.Destination, Gateway = route.Gateway });
            }
        }

        return new FamilyResult(new CniIPConfig { Address = ip.Address, Gateway = ip.Gateway, Version = family }, own);
    }

    private static string IpVersion(CniIPConfig ip) => ip.Address is { IsV6: false } ? "4" : "6";

    private static CniResult With(
        CniResult result,
        string version,
        IReadOnlyList<CniInterface> interfaces,
        IReadOnlyList<CniIPConfig> ips,
        IReadOnlyList<CniRoute> routes,
        FamilyResult? ip4 = null,
        FamilyResult? ip6 = null) => new()
        {
            CniVersion = version,
            Interfaces = interfaces,
            Ips = ips,
            Routes = routes,
            Dns = result.Dns,
            UnknownFields = result.UnknownFields,
            Ip4 = ip4,
            Ip6 = ip6,
        };

    private static List<T> Select<T>(IReadOnlyList<T> items, Func<T, T> change)
    {
        var changed = new List<T>(items.Count);
        foreach (T item in items)
        {
            changed.Add(change(item));
        }

        return changed;
    }

    private static CniException Impossible(string message) =>
        new(CniErrorIds.InvalidResult, CniErrorCode.IncompatibleCniVersion, message)
        {
            RecommendedAction = $"Ask for another version: {string.Join(", ", CniVersion.All)}.",
        };
}
