namespace CniPS.Linux.Nftables;

/// <summary>Whether a packet is what a rule asks for.</summary>
internal enum RuleMatch
{
    /// <summary>It is.</summary>
    Yes,

    /// <summary>It is not.</summary>
    No,

    /// <summary>What is asked for is not known here.</summary>
    Maybe,
}
