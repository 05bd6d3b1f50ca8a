using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;

namespace CniPS.Pictures;

/// <summary>
/// Looks at the host and at the namespaces of its containers: those with names, those of attachments, and those of processes into which an
/// interface of the host leads. Over a <see cref="PlannedHost"/> it sees what would be.
/// </summary>
public sealed class TopologyReader
{
    private readonly IHost _host;
    private readonly List<SurveyedNamespace> _namespaces = [];
    private readonly List<string> _warnings = [];

    private TopologyReader(IHost host) => _host = host;

    /// <summary>Looks.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    /// <exception cref="Spec.CniException">This process may not look (<see cref="Spec.CniErrorIds.KernelRefused"/>).</exception>
    public static NetworkTopology Read(IHost host, IReadOnlyList<CachedAttachment> attachments)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        TopologyReader reader = new(host);
        try
        {
            return reader.Read(attachments);
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
        finally
        {
            reader._namespaces.ForEach(ns => ns.Namespace.Dispose());
        }
    }

    private NetworkTopology Read(IReadOnlyList<CachedAttachment> attachments)
    {
        SurveyedNamespace home = new(_host.Namespace, "host", _host.GetLinks(_host.Namespace), _host.GetAddresses(_host.Namespace));
        AttachmentPlaces places = new(_host, attachments);
        Survey(home, attachments, places);
        LinkPairs pairs = new([home, .. _namespaces]);
        FactFinder facts = new(_host, _warnings);
        List<TopologyLink> links = new LinkDescriber(home, facts, places).Describe(link => RoleOf(link, pairs.PeerOf(home, link) is not null));
        List<TopologyNamespace> namespaces = [];
        foreach (SurveyedNamespace ns in _namespaces)
        {
            namespaces.Add(new TopologyNamespace(ns.Id, ns.Name, ns.Namespace.Path, new LinkDescriber(ns, facts, places).Describe(_ => TopologyRole.Interface)));
        }

        namespaces.Sort((a, b) => NaturalOrder.Instance.Compare(a.Name, b.Name));
        return new NetworkTopology
        {
            HostName = _host.ReadSysctl(_host.Namespace, "kernel/hostname") ?? "host",
            Links = links,
            Namespaces = namespaces,
            Connections = new ConnectionFinder(home, pairs, links, namespaces).Find(),
            Warnings = _warnings,
        };
    }

    private void Survey(SurveyedNamespace home, IReadOnlyList<CachedAttachment> attachments, AttachmentPlaces places)
    {
        HashSet<NamespaceId> seen = [home.Namespace.Id];
        List<NamespaceEntry> rest = [];
        foreach (NamespaceEntry entry in NamespaceSurvey.WithProcesses())
        {
            if (NamedNamespaces.NameOf(entry.Path) is { } name)
            {
                Look(entry.Path, name, places, seen);
            }
            else
            {
                rest.Add(entry);
            }
        }

        foreach (CachedAttachment attachment in attachments)
        {
            if (attachment.NetNS.Length > 0)
            {
                Look(attachment.NetNS, NamedNamespaces.NameOf(attachment.NetNS) ?? attachment.ContainerId, places, seen);
            }
        }

        foreach (NamespaceEntry entry in rest)
        {
            Look(entry.Path, entry.Path, places, seen, ns => LeadsTo(home, ns));
        }
    }

    private void Look(string path, string name, AttachmentPlaces places, HashSet<NamespaceId> seen, Predicate<NetworkNamespace>? isWanted = null)
    {
        try
        {
            if (NetworkNamespace.TryOpen(path) is not { } ns)
            {
                return; // an attachment is no picture of one
            }

            if (!seen.Add(ns.Id) || isWanted?.Invoke(ns) == false)
            {
                ns.Dispose();
                return;
            }

            name = places.In(ns.Id)?.Args.Pod ?? name; // a runtime's own names are numbers
            string id = _namespaces.Exists(other => other.Id == name) || name is "host" or NetworkTopology.Outside ? path : name;
            _namespaces.Add(new SurveyedNamespace(ns, id, _host.GetLinks(ns), _host.GetAddresses(ns)) { Name = name });
        }
        catch (LinuxException e) when (e.IsPermission)
        {
            _warnings.Add($"{name} is not shown: {e.Message}");
        }
    }

    // Only a namespace that has a number in the host's can have the other end of one of its links.
    private static bool LeadsTo(SurveyedNamespace home, NetworkNamespace ns) =>
        home.Namespace.NumberOf(ns) is { } number && home.Links.Any(link => link.PeerNamespaceId == number);

    private TopologyRole RoleOf(Link link, bool isPaired) =>
        link.Kind == "bridge" ? TopologyRole.Bridge
        : link.Kind is null || _host.GetRoutes(_host.Namespace, link.Index).Any(route => route.Destination.Length == 0 && route.Gateway is not null) ? TopologyRole.Uplink
        : link.Kind == "veth" && isPaired ? TopologyRole.Veth
        : TopologyRole.Other;
}

/// <summary>A namespace with what is in it.</summary>
/// <param name="Namespace">The namespace, open.</param>
/// <param name="Id">What tells it from the others.</param>
/// <param name="Links">Its interfaces.</param>
/// <param name="Addresses">Their addresses.</param>
internal sealed record SurveyedNamespace(NetworkNamespace Namespace, string Id, IReadOnlyList<Link> Links, IReadOnlyList<InterfaceAddress> Addresses)
{
    internal string Name { get; init; } = Id;

    internal string IdOf(Link link) => $"{Id}/{link.Name}";
}
