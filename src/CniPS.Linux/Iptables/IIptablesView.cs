namespace CniPS.Linux.Iptables;

/// <summary>What iptables holds in one namespace: the questions that the engine asks.</summary>
public interface IIptablesView
{
    /// <summary>Whether there is an iptables (or ip6tables) to run. No program is run to find out.</summary>
    bool IsAvailable(bool v6);

    /// <summary>
    /// Whether a table may hold a chain (null: any): a cheap question to the kernel, so that nobody runs a program only to be told that there is
    /// nothing.
    /// </summary>
    bool MayHave(IptablesTable table, string? chain = null);

    /// <summary>What is in a table (one run of iptables-save).</summary>
    /// <exception cref="IptablesException">iptables is missing, or refused.</exception>
    IptablesContent Read(IptablesTable table);
}
