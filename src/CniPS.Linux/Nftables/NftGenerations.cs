using System.Collections.Generic;

namespace CniPS.Linux.Nftables;

/// <summary>
/// Which shared rules of one namespace were found right, and at which state of nf_tables. nf_tables numbers its states: each transaction
/// counts the number up by one. What this process made itself is taken off, so that its own elements, which come with each attachment, don't
/// make it look again; whoever else makes something does.
/// </summary>
internal sealed class NftGenerations
{
    private readonly object _gate = new();
    private readonly Dictionary<string, uint> _right = [];
    private uint _own;
    private int _underWay;

    /// <summary>How many transactions this process has made, for certain: asked before nf_tables' number is.</summary>
    internal uint Own
    {
        get
        {
            lock (_gate)
            {
                return _own;
            }
        }
    }

    /// <summary>Whether rules were found right, and nobody but this process has changed anything since.</summary>
    /// <param name="key">The rules.</param>
    /// <param name="own">How many transactions this process had made before that number was asked for.</param>
    /// <param name="generation">nf_tables' number; null where it has none.</param>
    internal bool Knows(string key, uint own, uint? generation)
    {
        lock (_gate)
        {
            return generation is { } now && _right.TryGetValue(key, out uint then) && then == unchecked(now - own);
        }
    }

    /// <summary>Rules were found right.</summary>
    /// <param name="key">The rules.</param>
    /// <param name="own">How many transactions this process had made before that number was asked for.</param>
    /// <param name="generation">nf_tables' number before they were looked at; null where it has none.</param>
    internal void Learn(string key, uint own, uint? generation)
    {
        lock (_gate)
        {
            // One of this process's in between may have been in that number, or not.
            if (generation is { } then && _underWay == 0 && own == _own)
            {
                _right[key] = unchecked(then - own);
            }
        }
    }

    /// <summary>This process begins a transaction.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            _underWay++;
        }
    }

    /// <summary>It has ended.</summary>
    /// <param name="made">Whether anything was made.</param>
    /// <param name="onlyElements">Whether that was elements of sets. What is more may have changed rules, or nothing at all.</param>
    internal void End(bool made, bool onlyElements)
    {
        lock (_gate)
        {
            _underWay--;
            _own += made ? 1u : 0;
            if (made && !onlyElements)
            {
                _right.Clear();
            }
        }
    }
}
