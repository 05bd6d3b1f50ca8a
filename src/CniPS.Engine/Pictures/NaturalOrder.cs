using System;
using System.Collections.Generic;

namespace CniPS.Pictures;

/// <summary>Ordinal, but numbers within a text by their value: <c>c2</c> before <c>c10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    internal static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (!a.IsEmpty && !b.IsEmpty)
        {
            ReadOnlySpan<char> left = Digits(a), right = Digits(b);
            int order = left.IsEmpty || right.IsEmpty ? a[0] - b[0] : CompareNumbers(left, right);
            if (order != 0)
            {
                return order;
            }

            a = a[Math.Max(1, left.Length)..];
            b = b[Math.Max(1, right.Length)..];
        }

        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text : text[..end];
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
    }
}
