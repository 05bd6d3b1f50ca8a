using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Runtime;

/// <summary>
/// Finds out whose an interface is. The kernel says of each link where its peer is: an index (IFLA_LINK) in a namespace to which the link's
/// own namespace has given a number (IFLA_LINK_NETNSID), and it tells that number for every namespace that it is shown (RTM_GETNSID). So
/// nothing is guessed; but a namespace that has neither a name nor a process, or that may not be opened, is not found.
/// </summary>
public sealed class InterfaceResolver : IDisposable
{
    private readonly IHost _host;
    private readonly List<(NamespaceEntry Entry, NetworkNamespace Namespace)> _namespaces = [];
    private readonly AttachmentPlaces _attachments;

    /// <summary>Looks at what there is.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    public InterfaceResolver(IHost host, IReadOnlyList<CachedAttachment> attachments)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        _host = host;
        foreach (NamespaceEntry entry in NamespaceSurvey.WithProcesses())
        {
            if (entry.Id is { } id && id != host.Namespace.Id && TryOpen(entry.Path) is { } ns)
            {
                _namespaces.Add((entry, ns));
            }
        }

        _attachments = new AttachmentPlaces(host, attachments);
    }

    /// <summary>The namespaces that were found, without the host's.</summary>
    public IEnumerable<NamespaceEntry> Namespaces => _namespaces.ConvertAll(found => found.Entry);

    /// <summary>Whose an interface of the host is: one answer for a veth; for a bridge one for each port, for the lower link of macvlans one for each.</summary>
    /// <param name="link">The interface.</param>
    /// <returns>At least one answer; with nothing inside where it leads nowhere.</returns>
    public IReadOnlyList<InterfaceEnds> FromHost(Link link)
    {
        ArgumentNullException.ThrowIfNull(link);
        List<InterfaceEnds> ends = [];
        if (link.Kind == "bridge")
        {
            foreach (Link port in _host.GetLinks(_host.Namespace))
            {
                if (port.Master == link.Index)
                {
                    ends.AddRange(FromHost(port));
                }
            }
        }
        else
        {
            AddInsides(link, ends);
        }

        return ends.Count > 0 ? ends : [new InterfaceEnds { Outside = link, Master = MasterOf(link) }];
    }

    /// <summary>Whose an interface of a container is.</summary>
    /// <param name="ns">The container's namespace.</param>
    /// <param name="name">The interface.</param>
    /// <returns>Null where there is none of that name.</returns>
    public InterfaceEnds? FromContainer(NetworkNamespace ns, string name)
    {
        ArgumentNullException.ThrowIfNull(ns);
        if (_host.FindLink(ns, name) is not { } link)
        {
            return null;
        }

        NamespaceEntry entry = _namespaces.Find(found => found.Namespace.Id == ns.Id).Entry ?? new NamespaceEntry(ns.Path, ns.Id, []);
        bool leadsToHost = link.PeerNamespaceId is { } number ? ns.NumberOf(_host.Namespace) == number : ns.Id == _host.Namespace.Id;
        Link? outside = leadsToHost ? _host.FindLink(_host.Namespace, link.Peer) : null;
        return Describe(link, entry, outside);
    }

    private void AddInsides(Link link, List<InterfaceEnds> ends)
    {
        foreach ((NamespaceEntry entry, NetworkNamespace ns) in _namespaces)
        {
            try
            {
                if (link is { PeerNamespaceId: { } number, Peer: > 0 })
                {
                    if (_host.Namespace.NumberOf(ns) == number && _host.FindLink(ns, link.Peer) is { } peer)
                    {
                        ends.Add(Describe(peer, entry, link));
                        return; // a link has one peer
                    }
                }
                else if (ns.NumberOf(_host.Namespace) is { } back)
                {
                    AddOthersOn(link, back, entry, ns, ends);
                }
            }
            catch (LinuxException e) when (e.IsNotFound)
            {
                // It ended just now.
            }
        }
    }

    // macvlan, ipvlan and VLAN links say what they are on; that doesn't know of them.
    private void AddOthersOn(Link link, int hostNumber, NamespaceEntry entry, NetworkNamespace ns, List<InterfaceEnds> ends)
    {
        foreach (Link other in _host.GetLinks(ns))
        {
            if (other.Peer == link.Index && other.PeerNamespaceId == hostNumber)
            {
                ends.Add(Describe(other, entry, link));
            }
        }
    }

    private InterfaceEnds Describe(Link inside, NamespaceEntry entry, Link? outside) => new()
    {
        Inside = inside,
        Namespace = entry,
        Outside = outside,
        Master = outside is null ? null : MasterOf(outside),
        Attachment = entry.Id is { } id ? _attachments.At(id, inside.Name) : null,
    };

    private Link? MasterOf(Link link) => link.Master > 0 ? _host.FindLink(_host.Namespace, link.Master) : null;

    private static NetworkNamespace? TryOpen(string path)
    {
        try
        {
            return NetworkNamespace.Open(path);
        }
        catch (LinuxException)
        {
            return null; // it ended just now
        }
        catch (NotANamespaceException)
        {
            return null;
        }
    }

    /// <summary>Closes the namespaces.</summary>
    public void Dispose()
    {
        foreach ((_, NetworkNamespace ns) in _namespaces)
        {
            ns.Dispose();
        }
    }
}
