using System;
using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>Reads results as the Go libraries do: keys in any case, unknown ones passed over (or kept), addresses strictly.</summary>
/// <param name="shape">The shape to read.</param>
/// <param name="keepUnknown">Whether unknown fields are kept.</param>
internal readonly struct ResultReader(ResultShape shape, bool keepUnknown)
{
    /// <summary>Reads a result that is in a version.</summary>
    /// <param name="json">The result.</param>
    /// <param name="version">Its version; empty for 0.1.0.</param>
    /// <param name="keepUnknown">Whether unknown fields are kept.</param>
    public static CniResult Read(JsonElement json, string version, bool keepUnknown)
    {
        var reader = new ResultReader(ShapeOf(version), keepUnknown);
        var result = new PluginConfigReader(new ResultContext(), JsonPath.Root, json);
        return reader.Result(result, version.Length == 0 ? CniVersion.Oldest : version);
    }

    /// <summary>The shape of a version, or <c>unsupported CNI result version</c>.</summary>
    public static ResultShape ShapeOf(string version) =>
        ResultShape.Of(version) ?? throw new CniException(
            CniErrorIds.InvalidResult, CniErrorCode.IncompatibleCniVersion, $"unsupported CNI result version {GoText.Quote(version)}")
        {
            RecommendedAction = $"The versions are {string.Join(", ", CniVersion.All)}.",
        };

    private CniResult Result(PluginConfigReader json, string version)
    {
        FamilyResult? ip4 = null, ip6 = null;
        List<CniInterface> interfaces = [];
        List<CniIPConfig> ips = [];
        List<CniRoute> routes = [];
        if (shape == ResultShape.PerFamily)
        {
            ip4 = Family(json.GetObject("ip4"), "4");
            ip6 = Family(json.GetObject("ip6"), "6");
        }
        else
        {
            interfaces = List(json, "interfaces", Interface, CniInterface.Missing);
            ips = List(json, "ips", Ip, CniIPConfig.Missing);
            routes = Routes(json);
        }

        return new CniResult
        {
            CniVersion = version,
            Interfaces = interfaces,
            Ips = ip4 is null && ip6 is null ? ips : FamilyResults.Addresses(ip4, ip6),
            Routes = ip4 is null && ip6 is null ? routes : FamilyResults.Routes(ip4, ip6),
            Dns = json.GetObject("dns") is { } dns ? Dns(dns) : CniDns.Empty,
            Ip4 = ip4,
            Ip6 = ip6,
            UnknownFields = Unknown(json, shape.Result),
        };
    }

    private FamilyResult? Family(PluginConfigReader? json, string family)
    {
        if (json is null)
        {
            return null;
        }

        var address = new CniIPConfig
        {
            Address = Cidr(json, "ip"),
            Gateway = Address(json, "gateway"),
            Version = family,
            UnknownFields = Unknown(json, shape.Ip),
        };
        return new FamilyResult(address, Routes(json));
    }

    private CniInterface Interface(PluginConfigReader json)
    {
        bool current = shape == ResultShape.Current;
        return new CniInterface
        {
            Name = json.GetString("name") ?? "",
            Mac = Text(json, "mac"),
            Sandbox = Text(json, "sandbox"),
            Mtu = current ? NonZero(json.GetInt("mtu")) : null,
            SocketPath = current ? Text(json, "socketPath") : null,
            PciID = current ? Text(json, "pciID") : null,
            UnknownFields = Unknown(json, shape.Interface),
        };
    }

    private CniIPConfig Ip(PluginConfigReader json) => new()
    {
        Address = Cidr(json, "address"),
        Gateway = Address(json, "gateway"),
        Interface = json.GetInt("interface"),
        Version = shape == ResultShape.Versioned ? json.GetString("version") ?? "" : null,
        UnknownFields = Unknown(json, [.. shape.Ip, .. shape.IgnoredInIp]),
    };

    private List<CniRoute> Routes(PluginConfigReader json) => List(json, "routes", Route, CniRoute.Missing);

    private CniRoute Route(PluginConfigReader json) => new()
    {
        Destination = Cidr(json, "dst"),
        Gateway = Address(json, "gw"),
        Mtu = NonZero(json.GetInt("mtu")),
        AdvMss = NonZero(json.GetInt("advmss")),
        Priority = json.GetLong("priority") is { } priority and not 0 ? priority : null,
        Table = json.GetLong("table"),
        Scope = json.GetInt("scope"),
        UnknownFields = Unknown(json, shape.Route),
    };

    private CniDns Dns(PluginConfigReader json) => new()
    {
        Nameservers = json.GetStrings("nameservers"),
        Domain = json.GetString("domain") ?? "",
        Search = json.GetStrings("search"),
        Options = json.GetStrings("options"),
        UnknownFields = Unknown(json, shape.Dns),
    };

    private IReadOnlyList<KeyValuePair<string, JsonElement>> Unknown(PluginConfigReader json, string[] known) =>
        keepUnknown ? json.Except(known) : [];

    /// <summary>The objects of an array. One that is <c>null</c> keeps its place, so that indexes stay right.</summary>
    private static List<T> List<T>(PluginConfigReader json, string key, Func<PluginConfigReader, T> read, T missing)
    {
        IReadOnlyList<PluginConfigValue> values = json.GetArray(key) ?? [];
        var items = new List<T>(values.Count);
        foreach (PluginConfigValue value in values)
        {
            items.Add(value.AsObject() is { } item ? read(item) : missing);
        }

        return items;
    }

    /// <summary>
    /// An address with prefix length. Absent is null, and so is how an absent one is written; but <c>null</c> is the empty text, which is no address.
    /// </summary>
    private static IpPrefix? Cidr(PluginConfigReader json, string key)
    {
        if (json.Find(key) is not { } value)
        {
            return null;
        }

        string text = value.AsString() ?? "";
        return IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix
            : text == ResultWriter.NoAddress ? null
            : throw value.Error($"invalid CIDR address: {text}");
    }

    private static IPAddress? Address(PluginConfigReader json, string key)
    {
        string? text = json.GetString(key);
        return string.IsNullOrEmpty(text) ? null
            : IpText.TryParse(text, out IPAddress? address) ? address
            : throw json.Error(key, $"invalid IP address: {text}");
    }

    private static string? Text(PluginConfigReader json, string key) => json.GetString(key) is { Length: > 0 } text ? text : null;

    private static int? NonZero(int? number) => number is 0 ? null : number;
}
