using System;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>Comments, as nft can read and write them: 128 bytes at most, on one line, without a quotation mark.</summary>
public static class NftComment
{
    /// <summary>How many bytes nft takes (NFTNL_UDATA_COMMENT_MAXLEN).</summary>
    public const int MaxBytes = Udata.NFTNL_UDATA_COMMENT_MAXLEN;

    private const int HashBytes = 8;

    /// <summary>
    /// A comment that nft takes. One that it doesn't take as it is gets shorter and loses what can't be printed, and stays unique by ending
    /// in a hash of the whole. What fits comes back unchanged, so fitting twice does no harm.
    /// </summary>
    public static string? Fit(string? text)
    {
        if (text is null || (IsPrintable(text) && Encoding.UTF8.GetByteCount(text) <= MaxBytes))
        {
            return text;
        }

        StringBuilder fitted = new();
        int room = MaxBytes - 1 - (2 * HashBytes);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune kept = rune.Value == '"' ? new Rune('\'') : Rune.IsControl(rune) ? new Rune(' ') : rune;
            room -= kept.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            fitted.Append(kept.ToString());
        }

        return fitted.Append('~').Append(Sha512.Hex(text, HashBytes)).ToString();
    }

    private static bool IsPrintable(string text)
    {
        foreach (char c in text)
        {
            if (c == '"' || char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }
}
