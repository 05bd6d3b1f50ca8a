namespace CniPS.Linux.Iptables;

/// <summary>A table of iptables (IPv4) or ip6tables (IPv6).</summary>
/// <param name="IsV6">Whether it is IPv6's.</param>
/// <param name="Name">Its name: <c>nat</c>, <c>filter</c>.</param>
public readonly record struct IptablesTable(bool IsV6, string Name)
{
    /// <summary>The program that speaks of it.</summary>
    internal string Program => IptablesProgram.NameOf(IsV6);

    /// <summary>The table as a command names it: <c>iptables -t nat</c>.</summary>
    public override string ToString() => $"{Program} -t {Name}";
}
