using System;
using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>
/// Writes results: the keys that the shape has, in its order, then unknown fields. Empty values are left out, as Go's <c>omitempty</c>
/// does.
/// </summary>
/// <param name="writer">Where to.</param>
/// <param name="shape">The shape to write.</param>
internal readonly struct ResultWriter(Utf8JsonWriter writer, ResultShape shape)
{
    /// <summary>How an address that isn't there is written, as Go writes it.</summary>
    internal const string NoAddress = "<nil>";

    /// <summary>Writes a result.</summary>
    public void Write(CniResult result)
    {
        writer.WriteStartObject();
        foreach (string key in shape.Result)
        {
            switch (key)
            {
                case "cniVersion": writer.WriteString(key, result.CniVersion); break;
                case "interfaces": List(key, result.Interfaces, Interface, CniInterface.Missing); break;
                case "ips": List(key, result.Ips, Ip, CniIPConfig.Missing); break;
                case "routes": List(key, result.Routes, Route, CniRoute.Missing); break;
                case "ip4": Family(key, result.Ip4); break;
                case "ip6": Family(key, result.Ip6); break;
                case "dns": Dns(key, result.Dns); break;
            }
        }

        End(result.UnknownFields, shape.Result);
    }

    private void Interface(CniInterface item)
    {
        writer.WriteStartObject();
        foreach (string key in shape.Interface)
        {
            switch (key)
            {
                case "name": writer.WriteString(key, item.Name); break;
                case "mac": Text(key, item.Mac); break;
                case "mtu": NonZero(key, item.Mtu); break;
                case "sandbox": Text(key, item.Sandbox); break;
                case "socketPath": Text(key, item.SocketPath); break;
                case "pciID": Text(key, item.PciID); break;
            }
        }

        End(item.UnknownFields, shape.Interface);
    }

    private void Ip(CniIPConfig ip) => Ip(ip, []);

    private void Ip(CniIPConfig ip, IReadOnlyList<CniRoute> routes)
    {
        writer.WriteStartObject();
        foreach (string key in shape.Ip)
        {
            switch (key)
            {
                case "version": writer.WriteString(key, ip.Version ?? ""); break;
                case "interface": Number(key, ip.Interface); break;
                case "ip" or "address": Cidr(key, ip.Address); break;
                case "gateway": Address(key, ip.Gateway); break;
                case "routes": List(key, routes, Route, CniRoute.Missing); break;
            }
        }

        End(ip.UnknownFields, shape.Ip);
    }

    private void Route(CniRoute route)
    {
        writer.WriteStartObject();
        foreach (string key in shape.Route)
        {
            switch (key)
            {
                case "dst": Cidr(key, route.Destination); break;
                case "gw": Address(key, route.Gateway); break;
                case "mtu": NonZero(key, route.Mtu); break;
                case "advmss": NonZero(key, route.AdvMss); break;
                case "priority": NonZero(key, route.Priority); break;
                case "table": Number(key, route.Table); break;
                case "scope": Number(key, route.Scope); break;
            }
        }

        End(route.UnknownFields, shape.Route);
    }

    private void Family(string name, FamilyResult? family)
    {
        if (family is not null)
        {
            writer.WritePropertyName(name);
            Ip(family.Address, family.Routes);
        }
    }

    private void Dns(string name, CniDns dns)
    {
        if (dns.IsEmpty && shape.OmitsEmptyDns)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (string key in shape.Dns)
        {
            switch (key)
            {
                case "nameservers": List(key, dns.Nameservers, writer.WriteStringValue); break;
                case "domain": Text(key, dns.Domain); break;
                case "search": List(key, dns.Search, writer.WriteStringValue); break;
                case "options": List(key, dns.Options, writer.WriteStringValue); break;
            }
        }

        End(dns.UnknownFields, shape.Dns);
    }

    /// <summary>Closes an object. An unknown field whose name this version does know (after a conversion) is left out.</summary>
    private void End(IReadOnlyList<KeyValuePair<string, JsonElement>> unknownFields, string[] known)
    {
        foreach ((string name, JsonElement value) in unknownFields)
        {
            if (!Array.Exists(known, key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)))
            {
                writer.WritePropertyName(name);
                JsonBytes.Copy(writer, value);
            }
        }

        writer.WriteEndObject();
    }

    private void List<T>(string key, IReadOnlyList<T> items, Action<T> write, T? missing = null)
        where T : class
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (T item in items)
        {
            if (ReferenceEquals(item, missing))
            {
                writer.WriteNullValue();
            }
            else
            {
                write(item);
            }
        }

        writer.WriteEndArray();
    }

    private void Text(string key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            writer.WriteString(key, text);
        }
    }

    private void Number(string key, long? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(key, value);
        }
    }

    private void NonZero(string key, long? number) => Number(key, number is 0 ? null : number);

    private void Cidr(string key, IpPrefix? prefix) => writer.WriteString(key, prefix?.ToString() ?? NoAddress);

    private void Address(string key, IPAddress? address) => Text(key, address?.ToString());
}
