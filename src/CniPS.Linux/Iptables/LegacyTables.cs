using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Iptables;

/// <summary>
/// What the legacy iptables holds in a namespace, beside nf_tables: tables that were ever used there (/proc/net/ip_tables_names), as
/// iptables-legacy-save prints them.
/// </summary>
public sealed class LegacyTables
{
    private readonly Dictionary<string, IptablesContent> _tables = [];

    private LegacyTables(bool v6) => IsV6 = v6;

    /// <summary>Whether they are of IPv6.</summary>
    public bool IsV6 { get; }

    /// <summary>Whether there are tables, but no program that prints them.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Reads; nothing where no legacy table was ever used.</summary>
    /// <exception cref="LinuxException">The program refused.</exception>
    public static LegacyTables Read(NetworkNamespace ns, bool v6)
    {
        ArgumentNullException.ThrowIfNull(ns);
        LegacyTables tables = new(v6);
        byte[] names = ns.ReadProcNet($"ip{(v6 ? "6" : "")}_tables_names") ?? [];
        string program = $"ip{(v6 ? "6" : "")}tables";
        foreach (string name in Encoding.UTF8.GetString(names).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if ((SystemProgram.Find(program + "-legacy-save") ?? SystemProgram.Find(program + "-save")) is not { } path || IptablesProgram.UsesNftables(path))
            {
                tables.IsUnreadable = true;
                continue;
            }

            ProgramOutcome outcome = SystemProgram.Run(path, ns, ["-t", name], default);
            tables._tables[name] = outcome.Succeeded
                ? new IptablesContent(Encoding.UTF8.GetString(outcome.Output.Span))
                : throw IptablesException.Failed($"read table {name}", outcome);
        }

        return tables;
    }

    /// <summary>The base chains that a packet passes at a hook.</summary>
    public IReadOnlyList<PacketChain> ChainsAt(NftHookPoint hook)
    {
        string chain = hook.ToString().ToUpperInvariant();
        List<PacketChain> chains = [];
        foreach ((string table, IptablesContent content) in _tables)
        {
            if (content.HasChain(chain))
            {
                chains.Add(new LegacyChain(IsV6, table, chain, content));
            }
        }

        return chains;
    }
}
