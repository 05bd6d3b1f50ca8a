using System;
using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>Comments, as nft can read and write them: 128 bytes at most, on one line, without a quotation mark.</summary>
public static class NftComment
{
    /// <summary>How many bytes nft takes (NFTNL_UDATA_COMMENT_MAXLEN).</summary>
    public const int MaxBytes = Udata.NFTNL_UDATA_COMMENT_MAXLEN;

    private const int HashBytes = 8;

    private static readonly SearchValues<char> s_unfit = SearchValues.Create(
        "\"\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f");

    /// <summary>
    /// A comment that nft takes. One that it doesn't take as it is gets shorter and loses what can't be printed, and stays unique by ending
    /// in a hash of the whole. What fits comes back unchanged, so fitting twice does no harm.
    /// </summary>
    public static string? Fit(string? text)
    {
        bool printable = text is null || text.AsSpan().IndexOfAny(s_unfit) < 0;
        if (text is null || (printable && Encoding.UTF8.GetByteCount(text) <= MaxBytes))
        {
            return text;
        }

        StringBuilder fitted = new();
        int room = MaxBytes - 1 - (2 * HashBytes);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune kept = rune.IsBmp && s_unfit.Contains((char)rune.Value) ? new Rune(rune.Value == '"' ? '\'' : ' ') : rune;
            room -= kept.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            fitted.Append(kept.ToString());
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return fitted.Append('~').Append(Convert.ToHexString(hash, 0, HashBytes).ToLowerInvariant()).ToString();
    }
}
