using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>What a container's resolver is to use (SPEC, section 5, <c>dns</c>). Two of them are equal if their contents are.</summary>
public sealed record CniDns
{
    /// <summary>Nothing.</summary>
    public static CniDns Empty { get; } = new();

    /// <summary>Addresses of name servers, the most wanted first, as the plugin writes them.</summary>
    public IReadOnlyList<string> Nameservers { get; init; } = [];

    /// <summary>The local domain; empty where there is none.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Domains to search for short names, in order.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options for the resolver, as <c>ndots:2</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Fields that the specification doesn't know, as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> UnknownFields { get; init; } = [];

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty =>
        Nameservers.Count == 0 && Domain.Length == 0 && Search.Count == 0 && Options.Count == 0 && UnknownFields.Count == 0;

    /// <inheritdoc/>
    public bool Equals(CniDns? other) =>
        other is not null && Domain == other.Domain && Same(Nameservers, other.Nameservers) && Same(Search, other.Search)
        && Same(Options, other.Options) && ReferenceEquals(UnknownFields, other.UnknownFields);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Domain, Nameservers.Count, Search.Count, Options.Count);

    private static bool Same(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        bool same = left.Count == right.Count;
        for (int i = 0; same && i < left.Count; i++)
        {
            same = left[i] == right[i];
        }

        return same;
    }

    /// <summary>The name servers, separated by commas.</summary>
    public override string ToString() => string.Join(", ", Nameservers);
}
