using System;

namespace CniPS.Facts;

/// <summary>What the types that <c>Sort-Object</c> can sort have in common.</summary>
internal static class Order
{
    /// <summary>Answers <see cref="IComparable"/> by <see cref="IComparable{T}"/>.</summary>
    /// <exception cref="ArgumentException">The other one is of another type.</exception>
    internal static int Of<T>(T one, object? other)
        where T : class, IComparable<T> =>
        other is null or T ? one.CompareTo((T?)other) : throw new ArgumentException($"Not a {typeof(T).Name}.", nameof(other));

    /// <summary>The order of texts, the first pair that differs deciding: by the characters' numbers, whatever the culture.</summary>
    internal static int Of(params ReadOnlySpan<(string? One, string? Other)> texts)
    {
        foreach ((string? one, string? other) in texts)
        {
            int order = string.CompareOrdinal(one, other);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
