using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Judges what became of attachments: alive, gone, or unknown (docs/design.md, rule 7). Everything that removes something asks here, and removes
/// only what is proven gone.
/// <para>
/// Proof of life: the interface in the namespace that ADD was given, or in that of the result's sandbox, whatever it is called by now; a host's
/// end that leads into another namespace; the MAC address or an address on an interface of any namespace. Proof of death: none of that, on a
/// machine that could be seen whole (<see cref="Linux.Namespaces.NamespaceCensus"/>). That there is no cache entry, that a path can't be opened
/// or that an interface of that name is missing proves nothing.
/// </para>
/// <para>A judge is for one operation: what it has seen of the machine it keeps. Where the path leads to the interface, it looks no further.</para>
/// </summary>
public sealed class LivenessJudge
{
    private readonly IHost _host;
    private readonly Func<IReadOnlyList<CachedAttachment>> _others;
    private Surroundings? _surroundings;
    private Dictionary<MacAddress, AttachmentKey>? _owners;

    /// <summary>Makes a judge.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="cache">Knows other attachments: an address that an interface of one of them has is no evidence for this one.</param>
    public LivenessJudge(IHost host, ResultCache cache)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(cache);
        _host = host;
        _others = () => cache.List();
    }

    /// <summary>Makes a judge that knows no cache.</summary>
    /// <param name="host">The machine.</param>
    public LivenessJudge(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _others = static () => [];
    }

    /// <summary>Judges a cached attachment.</summary>
    /// <exception cref="CniException">The machine can't be looked at (<see cref="CniErrorIds.KernelRefused"/>).</exception>
    public Verdict Judge(CachedAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return Judge(AttachmentEvidence.Of(attachment), new AttachmentKey(attachment.ContainerId, attachment.InterfaceName), attachment.IsReadable);
    }

    /// <summary>Judges whom something serves that was found without a cache entry, whatever its age.</summary>
    /// <exception cref="CniException">As the other.</exception>
    internal Verdict Judge(Plugins.AttachmentClaim claim) =>
        Judge(AttachmentEvidence.Of(claim), new AttachmentKey(claim.ContainerId ?? "", claim.InterfaceName ?? ""), isWhole: true);

    private Verdict Judge(AttachmentEvidence evidence, AttachmentKey key, bool isWhole)
    {
        try
        {
            return Look(evidence, key, isWhole);
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    private Verdict Look(AttachmentEvidence evidence, AttachmentKey key, bool isWhole)
    {
        List<NamespaceGlance> glances = [];
        foreach (string path in evidence.Paths)
        {
            NamespaceGlance glance = NamespaceGlance.At(_host, path, evidence);
            if (glance is { Kind: GlanceKind.Ours, Link: { } link })
            {
                return Alive(link.Name == evidence.InterfaceName ? $"{link.Name} is in {path}" : $"{evidence.InterfaceName} is in {path}, as {link.Name}") with
                {
                    PathHolds = true,
                    NamespacePath = path,
                    Namespace = glance.Namespace,
                    InterfaceName = link.Name,
                };
            }

            glances.Add(glance);
        }

        bool holds = glances.Exists(static glance => glance is { Kind: GlanceKind.Without, MayBeAnothers: false });
        Surroundings surroundings = _surroundings ??= Surroundings.Look(_host);
        Verdict verdict = Elsewhere(surroundings, evidence, key) ?? LeadingAway(surroundings, evidence)
            ?? WhyUnknown(surroundings, evidence, glances, isWhole) ?? Gone(evidence, glances);
        return verdict with { PathHolds = holds };
    }

    private Verdict? Elsewhere(Surroundings surroundings, AttachmentEvidence evidence, AttachmentKey key)
    {
        foreach (SeenNamespace seen in surroundings.Namespaces)
        {
            foreach (Link link in seen.Links)
            {
                if (evidence.IsKnownMac(link))
                {
                    return Seen(seen, link, $"its MAC address {link.Mac} is");
                }
            }
        }

        foreach (SeenNamespace seen in surroundings.Namespaces)
        {
            foreach (Link link in seen.WithAddress(evidence.Addresses))
            {
                if (!IsAnothers(surroundings, seen, link, evidence, key))
                {
                    return Seen(seen, link, "its address is");
                }
            }
        }

        foreach (string path in evidence is { Macs.Count: 0, Addresses.Count: 0 } ? evidence.Paths : [])
        {
            foreach (SeenNamespace seen in surroundings.MountedAt(path))
            {
                foreach (Link link in seen.Links)
                {
                    if (link.Name == evidence.InterfaceName)
                    {
                        return Seen(seen, link, $"{link.Name} is");
                    }
                }
            }
        }

        return null;
    }

    // The same address can be given out again, or by a machine inside this one: what is known of the interface speaks against it then.
    private bool IsAnothers(Surroundings surroundings, SeenNamespace seen, Link link, AttachmentEvidence evidence, AttachmentKey key)
    {
        if (link.Mac is not { } mac)
        {
            return false;
        }

        if (Owners().TryGetValue(mac, out AttachmentKey? owner) && owner != key)
        {
            return true;
        }

        bool leadsElsewhere = link.PeerNamespaceId is { } number && number != seen.HostNumber;
        return leadsElsewhere && (evidence.Macs.Count > 0 || surroundings.IsServedHere(evidence.Addresses));
    }

    private Dictionary<MacAddress, AttachmentKey> Owners()
    {
        if (_owners is not null)
        {
            return _owners;
        }

        _owners = [];
        foreach (CachedAttachment other in _others())
        {
            foreach (MacAddress mac in AttachmentEvidence.Of(other).Macs)
            {
                _owners[mac] = new AttachmentKey(other.ContainerId, other.InterfaceName);
            }
        }

        return _owners;
    }

    private static Verdict? LeadingAway(Surroundings surroundings, AttachmentEvidence evidence)
    {
        foreach (Link link in surroundings.HostLinks)
        {
            foreach ((string name, MacAddress? mac) in evidence.HostEnds)
            {
                bool isIt = (link.Name == name && (mac is null || link.Mac is null || link.Mac == mac)) || (mac is not null && link.Mac == mac);
                if (isIt && link.Kind == "veth" && surroundings.LeadOf(link) is var lead and not PairLead.Nowhere)
                {
                    return Alive($"its host's end {link.Name} leads into {(lead == PairLead.Seen ? "another namespace" : "a namespace that can't be seen from here")}");
                }
            }
        }

        return null;
    }

    private static Verdict? WhyUnknown(Surroundings surroundings, AttachmentEvidence evidence, List<NamespaceGlance> glances, bool isWhole)
    {
        if (!isWhole)
        {
            return Unknown("what is cached of it can't be read");
        }

        if (evidence.IsEmpty)
        {
            return Unknown("nothing is known by which its interface could be told");
        }

        foreach (NamespaceGlance glance in glances)
        {
            if (glance is { Kind: GlanceKind.Foreign, MayBeAnothers: false })
            {
                return Unknown($"the {evidence.InterfaceName} in {glance.Path} is another: neither its addresses nor where it leads are this one's") with { IsForeign = true };
            }

            if (glance.Kind == GlanceKind.Closed)
            {
                return Unknown(glance.Failure ?? $"{glance.Path} can't be opened");
            }

            if (glance.Kind == GlanceKind.Missing && surroundings.FindCovered(glance.Path) is { } covered)
            {
                return Unknown($"its namespace is still mounted ({covered.Text}), behind something else");
            }
        }

        return surroundings.Gap is { } gap && !IsPairGone(surroundings, evidence) ? Unknown(gap) : evidence.HasHostEnd ? null : LostPair(surroundings);
    }

    // A pair ends at both ends. That the bridge is here on which it was says that this is the namespace where it would be.
    private static bool IsPairGone(Surroundings surroundings, AttachmentEvidence evidence)
    {
        foreach (Link link in evidence.HasHostEnd ? surroundings.HostLinks : [])
        {
            if (link.Kind == "bridge" && evidence.Others.Contains(link.Name))
            {
                return true; // were the host's end there, the attachment would be alive
            }
        }

        return false;
    }

    // Of something whose pair is not known: it may be one that leads where nobody can look.
    private static Verdict? LostPair(Surroundings surroundings)
    {
        foreach (Link link in surroundings.HostLinks)
        {
            if (surroundings.LeadOf(link) == PairLead.Unseen)
            {
                return Unknown($"{link.Name} leads into a namespace that can't be seen from here, and may be its");
            }
        }

        return null;
    }

    private static Verdict Seen(SeenNamespace seen, Link link, string what)
    {
        string path = seen.Holders is [{ MountPoint: { } place }, ..] ? place : seen.Path;
        return Alive($"{what} in {path}, on {link.Name}") with { NamespacePath = seen.Path, Namespace = seen.Id, InterfaceName = link.Name };
    }

    private static Verdict Gone(AttachmentEvidence evidence, List<NamespaceGlance> glances)
    {
        string why = glances.Exists(static glance => glance is { Kind: GlanceKind.Without, MayBeAnothers: false })
            ? $"{evidence.InterfaceName} is not in its namespace any more"
            : glances.Count > 0 ? "its namespace is gone"
            : "none of its addresses is on any interface";
        return new Verdict(LifeState.Gone, why);
    }

    private static Verdict Alive(string reason) => new(LifeState.Alive, reason);

    private static Verdict Unknown(string reason) => new(LifeState.Unknown, reason);
}
