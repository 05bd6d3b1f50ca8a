using System;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Iptables;

/// <summary>iptables' questions, answered by its programs and, where that is enough, by the kernel.</summary>
internal sealed class IptablesView(NetworkNamespace ns, Func<INftablesView> nftables) : IIptablesView
{
    /// <inheritdoc/>
    public bool IsAvailable(bool v6) => SystemProgram.Find(IptablesProgram.NameOf(v6) + "-restore") is not null;

    /// <inheritdoc/>
    public bool MayHave(IptablesTable table, string? chain = null)
    {
        if (SystemProgram.Find(table.Program + "-save") is not { } program)
        {
            return false;
        }

        if (!IptablesProgram.UsesNftables(program))
        {
            return IsLegacyTable(table);
        }

        // The nf_tables variant's chains are nf_tables' own, by the same names.
        NftTable native = new(table.IsV6 ? NftFamily.IPv6 : NftFamily.IPv4, table.Name);
        return chain is null ? nftables().HasTable(native) : nftables().HasChain(native, chain);
    }

    /// <inheritdoc/>
    public IptablesContent Read(IptablesTable table) => new(Encoding.UTF8.GetString(IptablesProgram.Save(ns, table).Span));

    // The kernel lists the legacy variant's tables that were ever used.
    private bool IsLegacyTable(IptablesTable table)
    {
        byte[]? names = null;
        string file = $"/proc/thread-self/net/ip{(table.IsV6 ? "6" : "")}_tables_names";
        int entered = ns.Run(() =>
        {
            names = PosixFile.TryRead(file);
            return 0;
        });
        return entered < 0
            ? throw new LinuxException($"enter namespace {ns}", -entered)
            : names is not null && Array.IndexOf(Encoding.UTF8.GetString(names).Split('\n'), table.Name) >= 0;
    }
}
