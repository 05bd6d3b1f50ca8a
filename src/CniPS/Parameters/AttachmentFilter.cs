using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Namespaces;
using CniPS.Pictures;

namespace CniPS;

/// <summary>Which interfaces are to be in a picture, by the wildcards of one call or of one object of the pipeline.</summary>
internal sealed class AttachmentFilter(string[]? networks, string[]? namespaces, string[]? containers, string[]? interfaces)
{
    private readonly Wildcards _networks = new(networks), _namespaces = new(namespaces), _containers = new(containers), _interfaces = new(interfaces);
    private readonly bool _wantsAttachments = networks is not null || containers is not null;

    /// <summary>Whether nothing was asked for in particular.</summary>
    internal bool IsEverything => !_wantsAttachments && namespaces is null && interfaces is null;

    /// <summary>What was asked for by name and has not been seen.</summary>
    internal IEnumerable<string> Missing => _networks.Missing.Concat(_namespaces.Missing).Concat(_containers.Missing).Concat(_interfaces.Missing);

    /// <summary>Whether an interface is asked for; null for a namespace without any.</summary>
    internal bool Fits(TopologyNamespace ns, TopologyLink? link) =>
        _namespaces.Fit(NamedNamespaces.NameOf(ns.Path), ns.Path)
        && (link is null
            ? !_wantsAttachments && interfaces is null
            : _interfaces.Fit(link.Name) && (!_wantsAttachments || (_networks.Fit(link.Network) && _containers.Fit(link.ContainerId))));
}
