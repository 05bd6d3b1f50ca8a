using System;
using System.Collections.Generic;
using CniPS.Linux.Nftables;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>nftables' conditions: an array of words, or of whole conditions, which together are one text.</summary>
internal static class PortmapConditions
{
    internal static IReadOnlyList<NftStatement> Parse(PluginConfigReader root, string key, bool v6)
    {
        string text = string.Join(' ', root.GetStrings(key));
        try
        {
            return NftConditions.Read(text, v6);
        }
        catch (FormatException e)
        {
            throw root.Error(key, $"condition \"{text}\": {e.Message}", "Write conditions as they stand before the verdict in a rule of nft.");
        }
    }
}
