using System;
using System.Linq;
using CniPS.Facts;
using CniPS.Plugins.Ipam;

namespace CniPS;

/// <summary>A node of a cluster, as its store had it at the moment of asking.</summary>
public sealed class CniNode : IComparable<CniNode>, IComparable
{
    internal CniNode(ClusterNode node, string socketPath)
    {
        Node = node.Name;
        State = node.IsAlive ? "Alive" : "Silent";
        LastSeen = node.LastSeen.LocalDateTime;
        IsSelf = node.IsSelf;
        Blocks = node.Blocks.Select(static block => $"{block.Network}:{block.Block}").ToCniList();
        SocketPath = socketPath;
    }

    /// <summary>Its name.</summary>
    public string Node { get; }

    /// <summary>Alive, or Silent: its daemon has not been heard of for half a minute. It may work on all the same, behind a broken cable.</summary>
    public string State { get; }

    /// <summary>When its daemon was last heard of: of one that is alive, now; else to five minutes.</summary>
    public DateTime LastSeen { get; }

    /// <summary>Whether it is the node that was asked.</summary>
    public bool IsSelf { get; }

    /// <summary>How many blocks it has.</summary>
    public int BlockCount => Blocks.Count;

    /// <summary>The blocks of addresses that it has, each behind its network's name: <c>flat:10.1.0.64/26</c>.</summary>
    public CniList<string> Blocks { get; }

    /// <summary>The socket of the daemon that was asked.</summary>
    public string SocketPath { get; }

    /// <summary>By name.</summary>
    public int CompareTo(CniNode? other) => other is null ? 1 : Order.Of((Node, other.Node));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The name.</summary>
    public override string ToString() => Node;
}
