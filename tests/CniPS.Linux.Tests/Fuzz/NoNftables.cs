using System;
using System.Collections.Generic;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Tests.Fuzz;

/// <summary>nf_tables with nothing in it.</summary>
internal sealed class NoNftables : INftablesView
{
    public bool HasTable(NftTable table) => false;

    public bool HasChain(NftTable table, string chain) => false;

    public NftChain? FindChain(NftTable table, string chain) => null;

    public bool IsDormant(NftTable table) => false;

    public bool IsRight(string key, Func<bool> look) => look();

    public NftElement? FindElement(NftSet set, NftValue key) => null;

    public IReadOnlyList<NftElement> GetElements(NftSet set) => [];

    public IReadOnlyList<NftRule> GetRules(NftTable table, string chain) => [];

    public void RequireReadable(NftTable table, NftRuleBody rule)
    {
    }

    public IReadOnlyList<string> GetChains(NftTable table) => [];

    public IReadOnlyList<string> GetSets(NftTable table) => [];
}
