using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>
/// What the results of a family of versions look like: the keys of each object, in the order in which the Go libraries print them (SPEC,
/// section 5; from 1.0.0 on they print them sorted).
/// </summary>
internal sealed class ResultShape
{
    private static readonly string[] SortedRoute = ["advmss", "dst", "gw", "mtu", "priority", "scope", "table"];
    private static readonly string[] Dns0 = ["nameservers", "domain", "search", "options"];
    private static readonly string[] Route0 = ["dst", "gw", "mtu", "advmss", "priority", "table", "scope"];

    private ResultShape(params string[] versions) => Versions = versions;

    /// <summary>0.1.0 and 0.2.0: one address of each family.</summary>
    public static ResultShape PerFamily { get; } = new("", "0.1.0", "0.2.0")
    {
        Result = ["cniVersion", "ip4", "ip6", "dns"],
        Ip = ["ip", "gateway", "routes"],
        Route = Route0,
        Dns = Dns0,
    };

    /// <summary>0.3.0 to 0.4.0: interfaces, and addresses with their IP version.</summary>
    public static ResultShape Versioned { get; } = new("0.3.0", "0.3.1", "0.4.0")
    {
        Result = ["cniVersion", "interfaces", "ips", "routes", "dns"],
        Interface = ["name", "mac", "sandbox"],
        Ip = ["version", "interface", "address", "gateway"],
        Route = Route0,
        Dns = Dns0,
    };

    /// <summary>1.0.0 and 1.1.0, which libcni prints alike. <c>ips[].version</c> is no unknown key: it is left out.</summary>
    public static ResultShape Current { get; } = new("1.0.0", "1.1.0")
    {
        Result = ["cniVersion", "dns", "interfaces", "ips", "routes"],
        Interface = ["mac", "mtu", "name", "pciID", "sandbox", "socketPath"],
        Ip = ["address", "gateway", "interface"],
        IgnoredInIp = ["version"],
        Route = SortedRoute,
        Dns = ["domain", "nameservers", "options", "search"],
        OmitsEmptyDns = true,
    };

    /// <summary>The versions of the family; the empty one is 0.1.0.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>The keys of a result.</summary>
    public string[] Result { get; private init; } = [];

    /// <summary>The keys of an interface.</summary>
    public string[] Interface { get; private init; } = [];

    /// <summary>The keys of an address.</summary>
    public string[] Ip { get; private init; } = [];

    /// <summary>Keys of an address that are not kept even where unknown ones are.</summary>
    public string[] IgnoredInIp { get; private init; } = [];

    /// <summary>The keys of a route.</summary>
    public string[] Route { get; private init; } = [];

    /// <summary>The keys of the name service's part.</summary>
    public string[] Dns { get; private init; } = [];

    /// <summary>Whether <c>dns</c> is left out where there is nothing in it; else it is <c>{}</c>.</summary>
    public bool OmitsEmptyDns { get; private init; }

    /// <summary>The shape of a version's results, or null for a version that isn't known.</summary>
    public static ResultShape? Of(string version) =>
        PerFamily.Has(version) ? PerFamily : Versioned.Has(version) ? Versioned : Current.Has(version) ? Current : null;

    /// <summary>Whether a version is of this family.</summary>
    public bool Has(string version)
    {
        foreach (string one in Versions)
        {
            if (one == version)
            {
                return true;
            }
        }

        return false;
    }
}
