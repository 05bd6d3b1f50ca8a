using System;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>What becomes of a block that a node has.</summary>
internal enum BlockState
{
    /// <summary>It is the node's: addresses are given out of it.</summary>
    Held,

    /// <summary>It is being given back: none are given out any more.</summary>
    Leaving,

    /// <summary>The store says that it is another node's: none are given out; those that containers have are told of.</summary>
    Lost,
}

/// <summary>A block of a network's addresses that this node has, as its own copy says.</summary>
/// <param name="Block">The block: all blocks of a network and family have the same length, so that two are the same or share no address.</param>
/// <param name="Since">When it was claimed.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Owner">Lost: the node that has it by the store's word.</param>
internal sealed record HeldBlock(IpPrefix Block, DateTimeOffset Since, BlockState State = BlockState.Held, string? Owner = null);
