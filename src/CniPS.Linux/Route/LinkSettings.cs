using System;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What a kind of link has beyond what all have (IFLA_INFO_DATA): given to make one, and read from one that is there.</summary>
/// <param name="Kind">The kind (IFLA_INFO_KIND): <c>macvlan</c>, <c>vlan</c>, ...</param>
public abstract record LinkSettings(string Kind)
{
    /// <summary>As <c>ip link add</c> takes it behind <c>type</c>.</summary>
    public abstract string Text { get; }

    /// <summary>The same, for a shell.</summary>
    /// <param name="quote">Makes a name one that a shell takes as it stands.</param>
    internal virtual string TextFor(Func<string, string> quote) => Text;

    /// <summary>Whether there is an IFLA_INFO_DATA.</summary>
    internal virtual bool HasData => true;

    /// <summary>Writes what stands in IFLA_INFO_DATA.</summary>
    internal abstract void Write(NetlinkBatch batch);

    /// <summary>Reads IFLA_INFO_DATA; null for kinds of which nothing is needed here.</summary>
    internal static LinkSettings? Read(string? kind, NetlinkAttributes data) => kind switch
    {
        MacvlanSettings.KindName => MacvlanSettings.Read(data),
        IpvlanSettings.KindName => IpvlanSettings.Read(data),
        VlanSettings.KindName => VlanSettings.Read(data),
        VrfSettings.KindName => VrfSettings.Read(data),
        VxlanSettings.KindName => VxlanSettings.Read(data),
        TunSettings.KindName => TunSettings.Read(data),
        _ => null,
    };

    /// <summary>As <c>ip link add</c> takes it.</summary>
    public sealed override string ToString() => Text;
}
