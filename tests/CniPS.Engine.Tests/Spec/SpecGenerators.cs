using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;
using FsCheck;
using FsCheck.Fluent;

namespace CniPS.Engine.Tests.Spec;

/// <summary>Any JSON, any result.</summary>
internal static class SpecGenerators
{
    /// <summary>A hundred of them, with lists of a dozen at most: long ones find nothing more, and take long.</summary>
    internal static Config Small { get; } = Config.QuickThrowOnFailure.WithEndSize(12);

    /// <summary>A value on one line, with numbers and texts that a reader could be tempted to write otherwise.</summary>
    internal static Gen<string> Json { get; } = Gen.Sized(JsonOf);

    /// <summary>A key that nobody knows.</summary>
    internal static Gen<string> Key { get; } = Gen.Choose(0, 999).SelectMany(number => Gen.Elements($"x{number}", $"X-{number}", $"io.example/{number}", $"ключ{number}", $"a b{number}"));

    /// <summary>Some unknown keys with their values, each key once.</summary>
    internal static Gen<IReadOnlyList<KeyValuePair<string, JsonElement>>> Unknown { get; } =
        from count in Gen.Choose(0, 3)
        from keys in Key.ArrayOf(count)
        from values in Json.ArrayOf(count)
        select (IReadOnlyList<KeyValuePair<string, JsonElement>>)
            [.. keys.Zip(values).DistinctBy(pair => pair.First).Select(pair => KeyValuePair.Create(pair.First, JsonDocument.Parse(pair.Second).RootElement))];

    /// <summary>A result of a version that says all that the version can say, and of a family nothing but what belongs to it.</summary>
    internal static Gen<CniResult> Result(string version) => version is "0.1.0" or "0.2.0" ? FamilyResult(version) : ListResult(version);

    private static Gen<CniResult> ListResult(string version) =>
        from interfaces in Interface(version).ListOf()
        from ips in Ip(version).ListOf()
        from routes in Route.ListOf()
        from dns in Dns
        from unknown in Unknown
        select new CniResult { CniVersion = version, Interfaces = [.. interfaces], Ips = [.. ips], Routes = [.. routes], Dns = dns, UnknownFields = unknown };

    private static Gen<CniResult> FamilyResult(string version) =>
        from has4 in Gen.Elements(true, false)
        from ip4 in Family(v6: false)
        from ip6 in Family(v6: true)
        from has6 in has4 ? Gen.Elements(true, false) : Gen.Constant(true)
        from dns in Dns
        from unknown in Unknown
        let four = has4 ? ip4 : null
        let six = has6 ? ip6 : null
        select new CniResult
        {
            CniVersion = version,
            Ip4 = four,
            Ip6 = six,
            Ips = FamilyResults.Addresses(four, six),
            Routes = FamilyResults.Routes(four, six),
            Dns = dns,
            UnknownFields = unknown,
        };

    private static Gen<FamilyResult> Family(bool v6) =>
        from address in Prefix(v6)
        from gateway in Maybe(Address(v6))
        from routes in (from to in Prefix(v6) from hop in Maybe(Address(v6)) select new CniRoute { Destination = to, Gateway = hop }).ListOf()
        select new FamilyResult(new CniIPConfig { Address = address, Gateway = gateway, Version = v6 ? "6" : "4" }, [.. routes]);

    private static Gen<CniInterface> Interface(string version) =>
        from name in Text
        from mac in Maybe(Text)
        from sandbox in Maybe(Text)
        from mtu in Number
        from path in Maybe(Text)
        from pci in Maybe(Text)
        from unknown in Unknown
        let current = version is "1.0.0" or "1.1.0"
        select new CniInterface
        {
            Name = name,
            Mac = mac,
            Sandbox = sandbox,
            Mtu = current ? mtu : null,
            SocketPath = current ? path : null,
            PciID = current ? pci : null,
            UnknownFields = unknown,
        };

    private static Gen<CniIPConfig> Ip(string version) =>
        from v6 in Gen.Elements(true, false)
        from address in Prefix(v6)
        from gateway in Maybe(Address(v6))
        from place in Maybe(Gen.Choose(0, 9).Select(number => (object)number))
        from unknown in Unknown
        select new CniIPConfig
        {
            Address = address,
            Gateway = gateway,
            Interface = (int?)place,
            Version = version is "1.0.0" or "1.1.0" ? null : v6 ? "6" : "4",
            UnknownFields = unknown,
        };

    private static Gen<CniRoute> Route =>
        from v6 in Gen.Elements(true, false)
        from to in Prefix(v6)
        from hop in Maybe(Address(v6))
        from numbers in Number.ArrayOf(5)
        from unknown in Unknown
        select new CniRoute { Destination = to, Gateway = hop, Mtu = numbers[0], AdvMss = numbers[1], Priority = numbers[2], Table = numbers[3], Scope = numbers[4], UnknownFields = unknown };

    private static Gen<CniDns> Dns =>
        from nameservers in Text.ListOf()
        from domain in Maybe(Text)
        from search in Text.ListOf()
        from options in Text.ListOf()
        from unknown in Unknown
        select new CniDns { Nameservers = [.. nameservers], Domain = domain ?? "", Search = [.. search], Options = [.. options], UnknownFields = unknown };

    // Without the halves of characters, which no UTF-8 has.
    private static Gen<string> Text { get; } = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get).Where(text => !text.Any(char.IsSurrogate));

    private static Gen<int?> Number => Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(1, int.MaxValue).Select(number => (int?)number));

    private static Gen<IPAddress> Address(bool v6) =>
        Gen.Choose(0, 255).ArrayOf(v6 ? 16 : 4).Select(bytes => new IPAddress(Array.ConvertAll(bytes, number => (byte)number))).Where(address => !address.IsIPv4MappedToIPv6);

    private static Gen<IpPrefix> Prefix(bool v6) => from address in Address(v6) from length in Gen.Choose(0, v6 ? 128 : 32) select new IpPrefix(address, length);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Constant<T?>(null), gen.Select(value => (T?)value));

    private static Gen<string> JsonOf(int size)
    {
        Gen<string> leaf = Gen.Elements(
            "null", "true", "false", "0", "-0", "1.0", "1e3", "1E+2", "0.10", "10000000000000000000000", "-9223372036854775809", "\"\"", "\"a\\u0000b\"", "\"\\u00e9\"", "\"é\"", "\"\\/\"", "\"<&'>\"");
        return size < 2 ? leaf : Gen.OneOf(
            leaf,
            leaf,
            Gen.Choose(0, 3).SelectMany(count => JsonOf(size / 3).ArrayOf(count)).Select(items => $"[{string.Join(',', items)}]"),
            Gen.Choose(0, 3).SelectMany(count => JsonOf(size / 3).ArrayOf(count)).Select(items => $"{{{string.Join(',', items.Select((item, i) => $"\"k{i}\":{item}"))}}}"));
    }
}
