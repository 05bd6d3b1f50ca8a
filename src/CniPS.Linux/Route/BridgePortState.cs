namespace CniPS.Linux.Route;

/// <summary>What a bridge's port lets through (BR_STATE_*, linux/if_bridge.h).</summary>
public enum BridgePortState : byte
{
    /// <summary>Nothing: the port is down, or switched off.</summary>
    Disabled,

    /// <summary>Nothing but the spanning tree's own frames.</summary>
    Listening,

    /// <summary>Nothing, but it learns who is there.</summary>
    Learning,

    /// <summary>Everything.</summary>
    Forwarding,

    /// <summary>Nothing: the spanning tree has another way.</summary>
    Blocking,
}
