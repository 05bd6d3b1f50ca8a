using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Linux.Notices;

/// <summary>What an item of a namespace's is.</summary>
public enum KernelItemKind
{
    /// <summary>An interface.</summary>
    Link,

    /// <summary>An address on an interface.</summary>
    Address,

    /// <summary>A unicast route.</summary>
    Route,

    /// <summary>A neighbour.</summary>
    Neighbour,

    /// <summary>A table, chain, rule, set or element of nf_tables.</summary>
    Rule,
}

/// <summary>One thing that a namespace has, and of which the kernel tells when it comes, changes or goes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">What tells it from others of its namespace, whatever it changes to.</param>
/// <param name="Subject">What it is called.</param>
public abstract record KernelItem(KernelItemKind Kind, string Key, string Subject)
{
    /// <summary>The index of the interface that it is, or is on; 0 for none.</summary>
    public virtual int LinkIndex => 0;

    /// <summary>The addresses in it by which it may be somebody's.</summary>
    public virtual IReadOnlyList<IPAddress> Addresses => [];

    /// <summary>The text that says whose it is; null for none.</summary>
    public virtual string? Comment => null;

    /// <summary>All of it that can change, as text: two that read the same are the same.</summary>
    /// <param name="nameOf">The name of an interface of the namespace, by its index.</param>
    public abstract string Describe(Func<int, string> nameOf);

    private protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An interface.</summary>
/// <param name="Link">It.</param>
public sealed record LinkItem(Link Link) : KernelItem(KernelItemKind.Link, $"link {Link.Index}", Link.Name)
{
    /// <inheritdoc/>
    public override int LinkIndex => Link.Index;

    /// <inheritdoc/>
    public override string Describe(Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        string name = Link.Kind is { } kind ? $"{Link.Name} ({kind})" : Link.Name;
        string carrier = !Link.IsUp ? "down" : Link.OperationalState is 2 or 7 ? "up, no carrier" : "up"; // RFC 2863: down, lowerLayerDown
        return $"{name}, {carrier}, MTU {Number(Link.Mtu)}{(Link.Mac is { } mac ? $", {mac}" : "")}"
            + (Link.Master == 0 ? "" : $", port of {nameOf(Link.Master)}")
            + (Link.IsPromiscuous ? ", promiscuous" : "");
    }
}

/// <summary>An address on an interface.</summary>
/// <param name="Item">It.</param>
public sealed record AddressItem(InterfaceAddress Item) : KernelItem(KernelItemKind.Address, $"address {Item.LinkIndex} {Item.Address}", Item.Address.ToString())
{
    /// <inheritdoc/>
    public override int LinkIndex => Item.LinkIndex;

    /// <inheritdoc/>
    public override IReadOnlyList<IPAddress> Addresses => [Item.Address.Address];

    /// <inheritdoc/>
    public override string Describe(Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return $"{Item.Address} on {nameOf(LinkIndex)}{(Item.IsDuplicate ? ", duplicate" : Item.IsTentative ? ", tentative" : "")}";
    }
}

/// <summary>A unicast route.</summary>
/// <param name="Route">It.</param>
public sealed record RouteItem(RouteEntry Route)
    : KernelItem(KernelItemKind.Route, $"route {Group(Route)} {Route.LinkIndex} {Route.Gateway}", Route.Destination.ToString())
{
    /// <summary>What a route has in common with those that it can replace: table, destination, metric.</summary>
    public string ReplacedGroup => Group(Route);

    /// <inheritdoc/>
    public override int LinkIndex => Route.LinkIndex;

    /// <inheritdoc/>
    public override IReadOnlyList<IPAddress> Addresses => Route.Source is { } source ? [source] : [];

    /// <inheritdoc/>
    public override string Describe(Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return Route.Destination + (Route.Gateway is { } gateway ? $" via {gateway}" : "") + (LinkIndex == 0 ? "" : $" dev {nameOf(LinkIndex)}")
            + (Route.Source is { } source ? $" src {source}" : "")
            + (Route.Priority is { } priority ? $" metric {Number(priority)}" : "")
            + (Route.Mtu is { } mtu ? $" mtu {Number(mtu)}" : "")
            + (Route.Table == RouteEntry.MainTable ? "" : $" table {Number(Route.Table)}");
    }

    private static string Group(RouteEntry route) => $"{route.Table} {route.Destination} {route.Priority}";
}

/// <summary>A neighbour.</summary>
/// <param name="Neighbour">It.</param>
public sealed record NeighbourItem(Neighbour Neighbour)
    : KernelItem(KernelItemKind.Neighbour, $"neighbour {Neighbour.LinkIndex} {Neighbour.Address}", Neighbour.Address.ToString())
{
    /// <inheritdoc/>
    public override int LinkIndex => Neighbour.LinkIndex;

    /// <inheritdoc/>
    public override IReadOnlyList<IPAddress> Addresses => [Neighbour.Address];

    // Whether it has answered lately or will be asked again changes all the time, and means nothing to whoever watches.
    /// <inheritdoc/>
    public override string Describe(Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        string state = (Neighbour.State & (NeighbourState.Failed | NeighbourState.Incomplete | NeighbourState.Permanent)) switch
        {
            NeighbourState.Failed => "does not answer",
            NeighbourState.Incomplete => "is asked for",
            NeighbourState.Permanent => $"{Neighbour.Mac}, permanent",
            _ => Neighbour.Mac?.ToString() ?? "unknown",
        };
        return $"{Neighbour.Address} on {nameOf(LinkIndex)}: {state}";
    }
}

/// <summary>A table, chain, rule, set or element of nf_tables.</summary>
/// <param name="Key">As of every item.</param>
/// <param name="Subject">As of every item.</param>
/// <param name="Text">What it is, in nft's words as far as they are known.</param>
public sealed record NftItem(string Key, string Subject, string Text) : KernelItem(KernelItemKind.Rule, Key, Subject)
{
    private readonly IReadOnlyList<IPAddress> _addresses = [];
    private readonly string? _comment;

    internal NftItem(string key, string subject, string text, string? comment, IReadOnlyList<IPAddress> addresses)
        : this(key, subject, text)
    {
        _comment = comment;
        _addresses = addresses;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IPAddress> Addresses => _addresses;

    /// <inheritdoc/>
    public override string? Comment => _comment;

    /// <inheritdoc/>
    public override string Describe(Func<int, string> nameOf) => Text;
}
