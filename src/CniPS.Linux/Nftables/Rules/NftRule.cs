using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>A rule that is there.</summary>
/// <param name="Handle">Its number in its table, by which it is deleted.</param>
/// <param name="Comment">Whom it serves; null if it doesn't say.</param>
/// <param name="Expressions">What it does (NFTA_RULE_EXPRESSIONS): as the kernel lists it, or in a plan as it would be sent.</param>
public sealed record NftRule(ulong Handle, string? Comment, ReadOnlyMemory<byte> Expressions)
{
    /// <summary>Reads what stands behind nfgenmsg in an NFT_MSG_NEWRULE message.</summary>
    internal static NftRule Read(NetlinkAttributes rule)
    {
        ulong handle = 0;
        string? comment = null;
        byte[] expressions = [];
        while (rule.Next())
        {
            switch (rule.Type)
            {
                case Nf.NFTA_RULE_HANDLE: handle = rule.BigEndian64; break;
                case Nf.NFTA_RULE_EXPRESSIONS: expressions = rule.Value.ToArray(); break;
                case Nf.NFTA_RULE_USERDATA: comment = NftUserData.ReadText(rule.Value, Udata.NFTNL_UDATA_RULE_COMMENT); break;
            }
        }

        return new NftRule(handle, comment, expressions);
    }
}

/// <summary>What a rule is to say.</summary>
/// <param name="Statements">What it matches and does, in order.</param>
/// <param name="Comment">Whom it serves.</param>
public sealed record NftRuleBody(IReadOnlyList<NftStatement> Statements, string? Comment = null)
{
    /// <summary>Whom it serves, no longer than nft takes it.</summary>
    public string? Comment { get; } = NftComment.Fit(Comment);

    /// <summary>Writes the messages that add the rule's own sets, before the rule's.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="table">The rule's table.</param>
    /// <param name="ownSet">The first of the numbers by which they are called.</param>
    internal void WriteSets(NetlinkBatch batch, NftTable table, uint ownSet)
    {
        foreach (NftStatement statement in Statements)
        {
            if (statement is NftOwnSetMatch match)
            {
                match.WriteSet(batch, table, ownSet++);
            }
        }
    }

    /// <summary>Writes expressions and comment behind a rule's table and chain.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="family">That of the rule's table.</param>
    /// <param name="ownSet">As for <see cref="WriteSets"/>.</param>
    internal void Write(NetlinkBatch batch, NftFamily family, uint ownSet)
    {
        using (batch.Nested(Nf.NFTA_RULE_EXPRESSIONS, flag: true))
        {
            NftExpressionWriter writer = new(batch, family, ownSet);
            foreach (NftStatement statement in Statements)
            {
                statement.Write(ref writer);
            }
        }

        NftUserData.WriteText(batch, Nf.NFTA_RULE_USERDATA, Udata.NFTNL_UDATA_RULE_COMMENT, Comment);
    }

    /// <summary>Whether only nft itself can put it into a message.</summary>
    internal bool NeedsProgram
    {
        get
        {
            foreach (NftStatement statement in Statements)
            {
                if (statement.NeedsProgram)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The rule as a plan holds it; where nft is to write it, with its text in the expressions' place.</summary>
    internal NftRule AsPlanned(ulong handle, NftFamily family)
    {
        if (NeedsProgram)
        {
            return new NftRule(handle, Comment, Encoding.UTF8.GetBytes(ToString()));
        }

        NetlinkBatch batch = new(512);
        NftMessage.Begin(batch, Nf.NFT_MSG_NEWRULE, 0, family);
        Write(batch, family, ownSet: 0);
        return NftRule.Read(NftMessage.Attributes(batch.Bytes[Unsafe.SizeOf<nlmsghdr>()..])) with { Handle = handle };
    }

    /// <summary>Whether both read the same.</summary>
    public bool Equals(NftRuleBody? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The rule as nft writes it: <c>ip daddr 224.0.0.0/4 return</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (NftStatement statement in Statements)
        {
            text.Append(text.Length > 0 ? " " : "").Append(statement.ToString());
        }

        return text.Append(NftText.Comment(Comment)).ToString();
    }
}
