using System;
using System.Collections.Generic;

namespace CniPS.Linux.Nftables;

/// <summary>What nf_tables holds in one namespace: the questions that the engine asks. What is in a table that is not there is not there.</summary>
public interface INftablesView
{
    /// <summary>Whether a table is there (NFT_MSG_GETTABLE).</summary>
    bool HasTable(NftTable table);

    /// <summary>Whether a chain is there (NFT_MSG_GETCHAIN).</summary>
    bool HasChain(NftTable table, string chain);

    /// <summary>A chain, or null (NFT_MSG_GETCHAIN).</summary>
    NftChain? FindChain(NftTable table, string chain);

    /// <summary>Whether a table is there and asleep: none of its rules is asked (<c>flags dormant</c>).</summary>
    bool IsDormant(NftTable table);

    /// <summary>
    /// Whether rules are right: as somebody says who looks at them. What was found right is not looked at again while nobody but this process has
    /// changed anything in nf_tables, and this process only elements of sets.
    /// </summary>
    /// <param name="key">What they are, in a word that nothing else in the namespace has.</param>
    /// <param name="look">Looks at them.</param>
    bool IsRight(string key, Func<bool> look);

    /// <summary>An element of a set or map by its key, or null (NFT_MSG_GETSETELEM; no list is read).</summary>
    NftElement? FindElement(NftSet set, NftValue key);

    /// <summary>All elements of a set or map, in no order.</summary>
    IReadOnlyList<NftElement> GetElements(NftSet set);

    /// <summary>The rules of a chain, in order.</summary>
    IReadOnlyList<NftRule> GetRules(NftTable table, string chain);

    /// <summary>
    /// Asks the program nft whether it would take a rule, without making it, where the rule has words that only nft can read
    /// (<see cref="NftWords"/>). Nothing is asked of any other.
    /// </summary>
    /// <exception cref="NftProgramException">It would not, or is not installed.</exception>
    void RequireReadable(NftTable table, NftRuleBody rule);

    /// <summary>The names of a table's chains.</summary>
    IReadOnlyList<string> GetChains(NftTable table);

    /// <summary>The names of a table's sets and maps; not of those that are a rule's own (<c>{ 80, 443 }</c>), which go with it.</summary>
    IReadOnlyList<string> GetSets(NftTable table);
}
