using System;

namespace CniPS.Linux.Nftables;

/// <summary>Values from one to another, both included: addresses or ports, whose bytes are in the order of their size; or one value of any kind.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public sealed record NftInterval(NftValue First, NftValue Last)
{
    /// <summary>Whether it is one value.</summary>
    public bool IsSingle => First == Last;

    /// <summary>As nft writes it: <c>80</c>, <c>80-90</c>, <c>10.0.0.0/8</c>.</summary>
    public override string ToString() =>
        IsSingle ? First.ToString() : PrefixLength is { } length ? $"{First}/{length}" : $"{First}-{Last}";

    // Of addresses that are a subnet.
    private int? PrefixLength
    {
        get
        {
            if (First.Address is null)
            {
                return null;
            }

            ReadOnlySpan<byte> first = First.Bytes, last = Last.Bytes;
            int length = 0;
            while (length < 8 * first.Length && Bit(first, length) == Bit(last, length))
            {
                length++;
            }

            for (int i = length; i < 8 * first.Length; i++)
            {
                if (Bit(first, i) || !Bit(last, i))
                {
                    return null;
                }
            }

            return length;
        }
    }

    private static bool Bit(ReadOnlySpan<byte> bytes, int index) => (bytes[index / 8] & (0x80 >> (index % 8))) != 0;
}
