using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using FsCheck;
using FsCheck.Fluent;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>Any value, element, hook or rule that CniPS could be asked to make.</summary>
internal static class NftGenerators
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789-_";

    internal static Gen<IPAddress> Address(bool v6) => Bytes(v6 ? 16 : 4).Select(bytes => new IPAddress(bytes));

    internal static Gen<string> Name(int longest) => Gen.Choose(1, longest).SelectMany(length => Gen.Elements(Letters.ToCharArray()).ArrayOf(length))
        .Select(letters => "a" + new string(letters)[1..]);

    internal static Gen<IpPrefix> Subnet(bool v6) => Address(v6).SelectMany(address => Gen.Choose(0, v6 ? 128 : 32).Select(length => new IpPrefix(address, length).Network));

    /// <summary>A single value of a type.</summary>
    internal static Gen<NftValue> Single(NftType type) =>
        type == NftType.IPv4Address ? Address(v6: false).Select(NftValue.Of)
        : type == NftType.IPv6Address ? Address(v6: true).Select(NftValue.Of)
        : type == NftType.EtherAddress ? Bytes(6).Select(bytes => NftValue.Of(new MacAddress(bytes)))
        : type == NftType.Protocol ? Gen.Choose(0, 255).Select(number => NftValue.Protocol((ProtocolType)number))
        : type == NftType.Service ? Port.Select(NftValue.Port)
        : type == NftType.Mark ? Gen.Choose(0, int.MaxValue).Select(mark => NftValue.Mark((uint)mark))
        : Name(15).Select(NftValue.InterfaceName);

    /// <summary>A value of a type, with its parts if it has several.</summary>
    internal static Gen<NftValue> Value(NftType type) => type.IsConcatenation
        ? Gen.CollectToSequence(Enumerable.Range(0, type.PartCount).Select(part => Single(type.Part(part)))).Select(parts => NftValue.Concat([.. parts]))
        : Single(type);

    internal static Gen<NftType> Type { get; } = Gen.Choose(1, 3).SelectMany(count => SingleType.ArrayOf(count)).Select(parts => parts.Length == 1 ? parts[0] : NftType.Concat(parts));

    internal static Gen<NftVerdict> Verdict { get; } = Gen.OneOf(
        Gen.Elements(NftVerdict.Accept, NftVerdict.Drop, NftVerdict.Return), Name(40).Select(NftVerdict.Goto), Name(40).Select(NftVerdict.Jump));

    /// <summary>A set or map with an element of it.</summary>
    internal static Gen<(NftSet Set, NftElement Element)> Element { get; } =
        from key in Type
        from data in Gen.OneOf(Gen.Constant<NftType?>(null), Gen.Constant<NftType?>(NftType.Verdict), Type.Select(type => (NftType?)type))
        from value in Value(key)
        from carried in data is null ? Gen.Constant<NftData?>(null)
            : data == NftType.Verdict ? Verdict.Select(verdict => (NftData?)verdict)
            : Value(data.Value).Select(found => (NftData?)found)
        from comment in Comment
        select (new NftSet(new NftTable(NftFamily.Inet, "t"), "s", key, data), new NftElement(value, carried, NftComment.Fit(comment)));

    internal static Gen<string?> Comment { get; } = ArbMap.Default.GeneratorFor<string?>();

    internal static Gen<NftHook> Hook { get; } =
        from type in Gen.Elements(NftChainType.Filter, NftChainType.Nat, NftChainType.Route)
        from point in Gen.Elements(NftHookPoint.Prerouting, NftHookPoint.Input, NftHookPoint.Forward, NftHookPoint.Output, NftHookPoint.Postrouting)
        from priority in Gen.Choose(-500, 500)
        from policy in Gen.Elements<NftVerdictKind?>(null, NftVerdictKind.Accept, NftVerdictKind.Drop)
        select new NftHook(type, point, priority, policy);

    /// <summary>A rule for a table of both IP versions, which asks for one of them: what it asks, and what it does.</summary>
    internal static Gen<NftRuleBody> Rule { get; } =
        from v6 in Gen.Elements(false, true)
        from count in Gen.Choose(0, 3)
        from conditions in Condition(v6).ArrayOf(count)
        from comment in Comment
        from decision in Gen.Elements<NftStatement>(new NftDecide(NftVerdict.Accept), new NftDecide(NftVerdict.Drop), new NftDecide(NftVerdict.Return))
        select new NftRuleBody([.. conditions, decision], comment);

    private static Gen<NftType> SingleType => Gen.Elements(
        NftType.IPv4Address, NftType.IPv6Address, NftType.EtherAddress, NftType.Protocol, NftType.Service, NftType.Mark, NftType.InterfaceName);

    private static Gen<ushort> Port => Gen.Choose(1, ushort.MaxValue).Select(port => (ushort)port);

    private static Gen<byte[]> Bytes(int count) => Gen.Choose(0, 255).Select(number => (byte)number).ArrayOf(count);

    private static Gen<NftStatement> Condition(bool v6)
    {
        NftField from = v6 ? NftField.Ip6Saddr : NftField.IpSaddr, to = v6 ? NftField.Ip6Daddr : NftField.IpDaddr;
        Gen<bool> not = Gen.Elements(false, true);
        Gen<NftField> address = Gen.Elements(from, to), port = Gen.Elements(NftField.TcpDport, NftField.UdpDport, NftField.TcpSport, NftField.UdpSport);
        return Gen.OneOf<NftStatement>(
            from field in address from subnet in Subnet(v6) from no in not select (NftStatement)new NftSubnetMatch(field, subnet, no),
            from field in port from value in Port from no in not select (NftStatement)new NftMatch(field, NftValue.Port(value), no),
            from field in port from one in Port from other in Port.Where(number => number != one) from no in not
            select (NftStatement)new NftRangeMatch(field, new NftInterval(NftValue.Port(System.Math.Min(one, other)), NftValue.Port(System.Math.Max(one, other))), no),
            from field in port from values in Port.NonEmptyListOf() from no in not
            select (NftStatement)new NftOwnSetMatch(field, [.. values.Distinct().Select(value => new NftInterval(NftValue.Port(value), NftValue.Port(value)))], no),
            from field in Gen.Elements(NftField.Iifname, NftField.Oifname) from name in Name(15) from no in not
            select (NftStatement)new NftMatch(field, NftValue.InterfaceName(name), no),
            from mark in Gen.Choose(0, int.MaxValue) from no in not select (NftStatement)new NftMatch(NftField.Mark, NftValue.Mark((uint)mark), no),
            from states in Gen.Choose(1, 3) from no in not
            select (NftStatement)new NftStateMatch(states == 1 ? NftConnectionStates.New : states == 2 ? NftConnectionStates.Invalid : NftConnectionStates.Established | NftConnectionStates.Related, no));
    }
}
