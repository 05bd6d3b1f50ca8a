using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Capture;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Observation;

/// <summary>Which end of the pair that leads into a container is looked at.</summary>
public enum CaptureEnd
{
    /// <summary>The container's: what it sends and gets.</summary>
    Container,

    /// <summary>The host's: what reaches the host, seen from there.</summary>
    Host,

    /// <summary>Both, to see what is lost between them.</summary>
    Both,
}

/// <summary>An interface to capture, and whose it is.</summary>
/// <param name="Point">The interface.</param>
/// <param name="Attachment">The attachment that it is an end of; null for any other interface.</param>
/// <param name="IsHostEnd">Whether it is the end in the host's namespace.</param>
public sealed record CaptureTarget(CapturePoint Point, CachedAttachment? Attachment, bool IsHostEnd);

/// <summary>Finds the interfaces to capture, and holds their namespaces open meanwhile.</summary>
/// <param name="host">The machine.</param>
public sealed class CaptureTargets(IHost host) : IDisposable
{
    private readonly List<NetworkNamespace> _opened = [];
    private readonly List<CaptureTarget> _all = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<CaptureTarget> All => _all;

    /// <summary>Adds an attachment's interface.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="end">Which end; one without an end on the host (macvlan, host-device) has only the container's.</param>
    /// <exception cref="CniException">Its interface is not where its result says, or has no such end.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Add(CachedAttachment attachment, CaptureEnd end)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        string whose = $"container {attachment.ContainerId}, network {attachment.Network}";
        AttachmentEvidence evidence = AttachmentEvidence.Of(attachment);
        foreach (string path in evidence.Paths)
        {
            if (NamespaceGlance.At(host, path, evidence) is not { Kind: GlanceKind.Ours, Link: { } link })
            {
                continue;
            }

            NetworkNamespace ns = NetworkNamespace.Open(path);
            _opened.Add(ns);
            if (end != CaptureEnd.Host)
            {
                Add(ns, link.Name, $"{attachment.ContainerId}/{link.Name}", $"{whose}, namespace {ns}", attachment, isHostEnd: false);
            }

            Link? other = link.Peer != 0 && link.PeerNamespaceId is { } number && ns.NumberOf(host.Namespace) == number
                ? host.FindLink(host.Namespace, link.Peer)
                : null;
            if (end != CaptureEnd.Container && other is not null)
            {
                Add(host.Namespace, other.Name, other.Name, $"the host's end of {link.Name} of {whose}", attachment, isHostEnd: true);
            }
            else if (end == CaptureEnd.Host)
            {
                throw Missing($"{link.Name} of {whose} has no end on the host", "Capture the container's end.", attachment.ToString()!);
            }

            return;
        }

        throw Missing($"the interface {attachment.InterfaceName} of {whose} is not where its result says", "Test-CniAttachment says what is wrong.", attachment.ContainerId);
    }

    /// <summary>Adds any interface.</summary>
    /// <param name="path">The path of its namespace; null for the host's.</param>
    /// <param name="name">The interface's name.</param>
    /// <exception cref="CniException">There is none of that name.</exception>
    /// <exception cref="LinuxException">There is no such namespace, or it can't be opened.</exception>
    /// <exception cref="NotANamespaceException">The path is no namespace.</exception>
    public void Add(string? path, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        NetworkNamespace ns = host.Namespace;
        if (path is not null)
        {
            _opened.Add(ns = NetworkNamespace.Open(path));
        }

        string where = path is null ? "the host" : $"namespace {ns}";
        if (host.FindLink(ns, name) is null)
        {
            throw Missing($"there is no interface {name} in {where}", "ip link shows what there is.", name);
        }

        Add(ns, name, path is null ? name : $"{ns}/{name}", $"{name} of {where}", null, isHostEnd: path is null);
    }

    private void Add(NetworkNamespace ns, string name, string label, string description, CachedAttachment? attachment, bool isHostEnd) =>
        _all.Add(new CaptureTarget(new CapturePoint(ns, name) { Label = label, Description = description }, attachment, isHostEnd));

    private static CniException Missing(string message, string advice, string target) =>
        new(CniErrorIds.LinkNotFound, CniErrorCode.Unknown, message) { RecommendedAction = advice, Target = target };

    /// <summary>Lets go of the namespaces.</summary>
    public void Dispose() => _opened.ForEach(static ns => ns.Dispose());
}
