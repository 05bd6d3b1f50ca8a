using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace CniPS.Linux.Probe;

/// <summary>Which of the kernel's functions addresses lie in (/proc/kallsyms).</summary>
internal sealed class KernelSymbols
{
    private readonly Dictionary<ulong, (ulong Start, string? Name)> _found = [];

    private KernelSymbols()
    {
    }

    /// <summary>Looks for addresses. The file is long, and in no order: it is read once for all of them.</summary>
    internal static KernelSymbols Read(IReadOnlyList<ulong> addresses)
    {
        KernelSymbols symbols = new();
        foreach (ulong address in addresses)
        {
            symbols._found[address] = (0, null);
        }

        ulong[] wanted = [.. symbols._found.Keys];
        foreach (string line in File.ReadLines("/proc/kallsyms"))
        {
            // ffffffff81e94d30 T __kfree_skb
            int space = line.IndexOf(' ');
            if (space > 0 && line.Length > space + 3 && line[space + 1] is 't' or 'T'
                && ulong.TryParse(line.AsSpan(0, space), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start) && start != 0)
            {
                foreach (ulong address in wanted)
                {
                    if (start <= address && start > symbols._found[address].Start)
                    {
                        symbols._found[address] = (start, line[(space + 3)..].Split('\t')[0]);
                    }
                }
            }
        }

        return symbols;
    }

    /// <summary>The function's name; null where the kernel tells no addresses (kernel.kptr_restrict).</summary>
    internal string? NameOf(ulong address) => _found[address].Name;
}
