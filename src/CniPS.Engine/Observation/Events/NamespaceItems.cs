using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Notices;

namespace CniPS.Observation;

/// <summary>A difference between what a namespace had and what it has.</summary>
internal readonly record struct ItemChange(EventAction Action, KernelItem Item, string? Interface, string? Old, string? New);

/// <summary>What a namespace has, kept by notices: what says nothing new is no change, so that a notice may be of before the reading.</summary>
internal sealed class NamespaceItems
{
    private readonly Dictionary<string, (KernelItem Item, string Text)> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _links = [];

    /// <summary>Whether routes may have gone of which the kernel says nothing: those of IPv4 go silently with an address, or when their interface goes down.</summary>
    internal bool RoutesAreDoubtful { get; private set; }

    /// <summary>Everything, as last heard.</summary>
    internal IEnumerable<KernelItem> All => _items.Values.Select(static one => one.Item);

    /// <summary>Takes in that something is there.</summary>
    internal void Apply(Appearance notice, List<ItemChange> changes)
    {
        if (notice is { Replaces: true, Item: RouteItem route })
        {
            Replace(route, changes);
            return;
        }

        Set(notice.Item, changes);
    }

    /// <summary>Takes in that something is gone.</summary>
    internal void Apply(Departure notice, List<ItemChange> changes)
    {
        switch (notice.Item)
        {
            case LinkItem link when _items.ContainsKey(link.Key):
                RemoveAll(item => item.LinkIndex == link.LinkIndex && item is not LinkItem, changes);
                break;
            case NftItem set when set.Key.StartsWith("set ", StringComparison.Ordinal):
                string elements = "element " + set.Subject[(set.Subject.IndexOf(' ', StringComparison.Ordinal) + 1)..] + " ";
                RemoveAll(item => item.Key.StartsWith(elements, StringComparison.Ordinal), changes);
                break;
        }

        Remove(notice.Item.Key, changes);
    }

    /// <summary>Takes in everything of some kinds, as it was read.</summary>
    internal void Apply(IReadOnlyList<KernelItem> read, IReadOnlyCollection<KernelItemKind> kinds, List<ItemChange> changes)
    {
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (KernelItem item in read) // names first: what is on a link is told with its name
        {
            there.Add(item.Key);
            if (item is LinkItem link)
            {
                _links[link.LinkIndex] = link.Subject;
            }
        }

        RemoveAll(item => !there.Contains(item.Key) && kinds.Contains(item.Kind), changes);
        foreach (KernelItem item in read)
        {
            Set(item, changes);
        }

        RoutesAreDoubtful &= !kinds.Contains(KernelItemKind.Route);
    }

    /// <summary>Everything is gone.</summary>
    internal void Clear(List<ItemChange> changes) => RemoveAll(static _ => true, changes);

    /// <summary>The name of the interface that something is, or is on.</summary>
    internal string? InterfaceOf(KernelItem item) => item.LinkIndex == 0 ? null : NameOf(item.LinkIndex);

    /// <summary>All of something, as text.</summary>
    internal string TextOf(KernelItem item) => item.Describe(NameOf);

    private string NameOf(int link) => _links.TryGetValue(link, out string? name) ? name : $"if{link}";

    private void Set(KernelItem item, List<ItemChange> changes)
    {
        if (item is LinkItem { Link: { } link })
        {
            _links[link.Index] = link.Name;
            RoutesAreDoubtful |= !link.IsUp && _items.TryGetValue(item.Key, out (KernelItem Item, string) was) && was.Item is LinkItem { Link.IsUp: true };
        }

        string text = item.Describe(NameOf);
        bool isKnown = _items.TryGetValue(item.Key, out (KernelItem, string Text) before);
        _items[item.Key] = (item, text);
        if (!isKnown || before.Text != text)
        {
            changes.Add(new ItemChange(isKnown ? EventAction.Changed : EventAction.Added, item, InterfaceOf(item), isKnown ? before.Text : null, text));
        }
    }

    // Of those that it stands for, the first is what it was.
    private void Replace(RouteItem route, List<ItemChange> changes)
    {
        List<ItemChange> replaced = [];
        RemoveAll(item => item is RouteItem other && other.ReplacedGroup == route.ReplacedGroup && other.Key != route.Key, replaced);
        if (replaced.Count > 0 && !_items.ContainsKey(route.Key))
        {
            _items[route.Key] = (route, replaced[0].Old!);
            replaced.RemoveAt(0);
        }

        changes.AddRange(replaced);
        Set(route, changes);
    }

    private void RemoveAll(Predicate<KernelItem> which, List<ItemChange> changes)
    {
        List<string> keys = [];
        foreach ((string key, (KernelItem item, _)) in _items)
        {
            if (which(item))
            {
                keys.Add(key);
            }
        }

        foreach (string key in keys)
        {
            Remove(key, changes);
        }
    }

    private void Remove(string key, List<ItemChange> changes)
    {
        if (_items.Remove(key, out (KernelItem Item, string Text) gone))
        {
            changes.Add(new ItemChange(EventAction.Removed, gone.Item, InterfaceOf(gone.Item), gone.Text, null));
            RoutesAreDoubtful |= gone.Item is AddressItem;
            if (gone.Item is LinkItem)
            {
                _links.Remove(gone.Item.LinkIndex);
            }
        }
    }
}
