using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>What a rule has loaded: bytes, whether they are known, and in words what they are.</summary>
internal sealed class RuleRegisters
{
    private readonly byte[] _bytes = new byte[80];
    private readonly bool[] _isKnown = new bool[20];
    private readonly Dictionary<int, string> _words = [];

    internal void Put(uint register, ReadOnlySpan<byte> value, bool isKnown, string words)
    {
        int at = OffsetOf(register);
        int room = Math.Min((value.Length + 3) & ~3, _bytes.Length - at);
        _bytes.AsSpan(at, room).Clear();
        value[..Math.Min(value.Length, room)].CopyTo(_bytes.AsSpan(at));
        for (int word = at / 4; word < (at + room) / 4; word++)
        {
            _isKnown[word] = isKnown;
        }

        _words[at] = words;
    }

    /// <summary>A value of which nothing is known, however long it is.</summary>
    internal void PutUnknown(uint register, string words) => Put(register, stackalloc byte[16], isKnown: false, words);

    internal ReadOnlySpan<byte> Get(uint register, int length, out bool isKnown)
    {
        int at = OffsetOf(register);
        int end = Math.Min(at + length, _bytes.Length);
        isKnown = end == at + length;
        for (int word = at / 4; word < (end + 3) / 4; word++)
        {
            isKnown &= _isKnown[word];
        }

        return _bytes.AsSpan(at, end - at);
    }

    /// <summary>What was loaded, in nft's words; several in a row with dots.</summary>
    internal string WordsOf(uint register, int length)
    {
        int at = OffsetOf(register);
        string words = _words.GetValueOrDefault(at, "?");
        for (int next = at + 4; next < at + length; next += 4)
        {
            words += _words.TryGetValue(next, out string? more) ? $" . {more}" : "";
        }

        return words;
    }

    /// <summary>Forgets the words of what is no longer there: a rule begins.</summary>
    internal void Clear()
    {
        _words.Clear();
        Array.Clear(_isKnown);
    }

    // Four of 16 bytes have numbers, and their quarters others; before them is the verdict's.
    private static int OffsetOf(uint register) => (int)(register < Nf.NFT_REG32_00 ? Math.Min(register, 4) * 16 : Math.Min(register - Nf.NFT_REG32_00 + 4, 19) * 4);
}
