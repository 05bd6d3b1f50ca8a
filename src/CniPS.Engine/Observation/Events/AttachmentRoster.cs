using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Plugins;
using CniPS.Plugins.Main;
using CniPS.Runtime;

namespace CniPS.Observation;

/// <summary>An attachment, as far as it must be known to say what is its.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="ContainerId">The container.</param>
/// <param name="InterfaceName">The interface inside.</param>
/// <param name="NetNS">The path of the container's namespace.</param>
internal sealed record RosterEntry(string Network, string ContainerId, string InterfaceName, string NetNS)
{
    /// <summary>The attachment in the cache; null while it is being made.</summary>
    internal CachedAttachment? Cached { get; init; }

    /// <summary>Its addresses, as text.</summary>
    internal string Addresses { get; init; } = "";

    internal string Name => $"{Network}/{ContainerId}/{InterfaceName}";
}

/// <summary>
/// Whose things are: from the cache, and from the intents, since what an ADD makes is there before its result is. Attachments that are gone are
/// remembered for a while: what was theirs goes with them, before or after.
/// </summary>
internal sealed class AttachmentRoster(IHost host, ResultCache cache, string cacheFolder)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (RosterEntry Entry, long Seen)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RosterEntry> _byHostEnd = new(StringComparer.Ordinal), _byComment = new(StringComparer.Ordinal);
    private readonly Dictionary<(string NetNS, string Interface), RosterEntry> _byInterface = [];
    private readonly Dictionary<string, RosterEntry> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, RosterEntry> _byAddress = [];

    /// <summary>The attachments in the cache, as last read.</summary>
    internal IReadOnlyDictionary<string, RosterEntry> Cached { get; private set; } = new Dictionary<string, RosterEntry>();

    /// <summary>The folders that a change of attachments shows in.</summary>
    internal IReadOnlyList<string> Folders => [cache.Folder, IntentFolder];

    private string IntentFolder => Path.Join(cacheFolder, "cnips", AttachmentGuard.JournalFolder);

    /// <summary>Reads again.</summary>
    internal void Refresh()
    {
        long now = Stopwatch.GetTimestamp();
        // The intents first: an ADD that ends in between is in the cache by then.
        foreach (string name in host.ListFiles(IntentFolder))
        {
            if (host.ReadFile(Path.Join(IntentFolder, name), own: true) is { Length: > 0 } content && Intent.TryRead(content) is { } intent)
            {
                RosterEntry entry = new(intent.Network, intent.Attachment.ContainerId, intent.Attachment.InterfaceName, intent.Attachment.NetNS);
                _known.TryAdd(entry.Name, (entry, now));
            }
        }

        Dictionary<string, RosterEntry> cached = new(StringComparer.Ordinal);
        foreach (CachedAttachment attachment in cache.List())
        {
            RosterEntry entry = new(attachment.Network, attachment.ContainerId, attachment.InterfaceName, attachment.NetNS)
            {
                Cached = attachment,
                Addresses = string.Join(", ", attachment.Result?.Ips ?? []),
            };
            cached[entry.Name] = entry;
            _known[entry.Name] = (entry, now);
        }

        Cached = cached;
        Index(now);
    }

    /// <summary>Whose something is by what stands on it, or by an address in it.</summary>
    internal RosterEntry? Find(string? comment, IReadOnlyList<IPAddress> addresses)
    {
        if (comment is not null && _byComment.TryGetValue(comment, out RosterEntry? entry))
        {
            return entry;
        }

        foreach (IPAddress address in addresses)
        {
            if (_byAddress.TryGetValue(address, out entry))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Whose an interface is.</summary>
    /// <param name="path">Its namespace; null for the host's.</param>
    /// <param name="name">Its name.</param>
    internal RosterEntry? FindInterface(string? path, string name) =>
        path is null ? _byHostEnd.GetValueOrDefault(name) : _byInterface.GetValueOrDefault((path, name));

    /// <summary>One of the attachments of a namespace.</summary>
    internal RosterEntry? FindNamespace(string path) => _byNamespace.GetValueOrDefault(path);

    // Anew each time: who is forgotten must not own anything any more.
    private void Index(long now)
    {
        _byHostEnd.Clear();
        _byComment.Clear();
        _byInterface.Clear();
        _byNamespace.Clear();
        _byAddress.Clear();
        foreach ((string name, (RosterEntry entry, long seen)) in new List<KeyValuePair<string, (RosterEntry, long)>>(_known))
        {
            if (!Cached.ContainsKey(name) && Stopwatch.GetElapsedTime(seen, now) > s_memory)
            {
                _known.Remove(name);
            }
            else if (!Cached.ContainsKey(name))
            {
                Index(entry);
            }
        }

        foreach (RosterEntry entry in Cached.Values) // who is there now stands before who was
        {
            Index(entry);
        }
    }

    private void Index(RosterEntry entry)
    {
        _byHostEnd[HostVeth.Name(entry.Network, entry.ContainerId, entry.InterfaceName, 0)] = entry;
        _byComment[NftComment.Fit(AttachmentComment.Of(entry.Network, entry.ContainerId, entry.InterfaceName))!] = entry;
        _byInterface[(entry.NetNS, entry.InterfaceName)] = entry;
        _byNamespace[entry.NetNS] = entry;
        if (entry.Cached is { } cached)
        {
            AttachmentEvidence evidence = AttachmentEvidence.Of(cached);
            foreach ((string end, _) in evidence.HostEnds)
            {
                if (!evidence.Others.Contains(end))
                {
                    _byHostEnd[end] = entry;
                }
            }

            foreach (IPAddress address in evidence.Addresses)
            {
                _byAddress[address] = entry;
            }
        }
    }
}
