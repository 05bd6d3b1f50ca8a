using System;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>A container's interface on a network.</summary>
public sealed class CniAttachment : IComparable<CniAttachment>, IComparable
{
    private readonly ResultFacts _facts;

    internal CniAttachment(string network, Attachment attachment, NetworkConfigurationList? configuration, CniResult? result)
    {
        Network = network;
        ContainerId = attachment.ContainerId;
        NetNS = attachment.NetNS;
        Interface = attachment.InterfaceName;
        Pod = attachment.Args.Pod;
        Result = result;
        Bridge = configuration is null ? null : new NetworkFacts(configuration).Bridge;
        CniVersion = result?.CniVersion ?? configuration?.CniVersion ?? "";
        _facts = new ResultFacts(result, Interface, Bridge);
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The container's id.</summary>
    public string ContainerId { get; }

    /// <summary>The name of the container's namespace, else its path.</summary>
    public string Namespace => NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace.</summary>
    public string NetNS { get; }

    /// <summary>The interface's name in the container.</summary>
    public string Interface { get; }

    /// <summary>The first address. (It can't be called Address: every array has a method of that name, which would hide it.)</summary>
    public IpPrefix? IPAddress => _facts.Addresses.Length > 0 ? _facts.Addresses[0] : null;

    /// <summary>All addresses.</summary>
    public IpPrefix[] Addresses => _facts.Addresses;

    /// <summary>The gateway of the first address that has one.</summary>
    public System.Net.IPAddress? Gateway => _facts.Gateway;

    /// <summary>The interface's MAC address, from the result, or, where that has none (as up to version 0.2.0), as it is now.</summary>
    public string? Mac => _facts.Mac ?? Seen.Mac;

    /// <summary>The other end, on the host; likewise.</summary>
    public string? HostInterface => _facts.HostInterface ?? Seen.HostInterface;

    /// <summary>The bridge, where there is a bridge plugin.</summary>
    public string? Bridge { get; }

    /// <summary>The version of the result.</summary>
    public string CniVersion { get; }

    /// <summary>What ADD returned.</summary>
    public CniResult? Result { get; }

    /// <summary>What became of it.</summary>
    public CniAttachmentState State => Seen.State;

    /// <summary>How that is known: where the interface is, or why it is gone, or why that can't be told.</summary>
    public string? Reason => Seen.Reason;

    /// <summary>The pod, as Kubernetes and podman name it in CNI_ARGS: namespace and name, <c>kube-system/coredns-0</c>; null where they don't.</summary>
    public string? Pod { get; }

    /// <summary>Whether it is in the cache only: its interface is proven to be gone.</summary>
    public bool IsStale => State is CniAttachmentState.InterfaceGone or CniAttachmentState.NamespaceGone;

    /// <summary>When it was made.</summary>
    public DateTime Created { get; internal init; }

    /// <summary>The folder of the cache that knows it.</summary>
    public string CachePath { get; internal init; } = Defaults.CachePath;

    /// <summary>The folders of plugin programs it was made with, as in CNI_PATH; null where that is not known.</summary>
    public string? PluginPath { get; internal init; }

    /// <summary>What was seen of it.</summary>
    internal Sighting Seen { get; init; } = new(CniAttachmentState.Unknown);

    /// <inheritdoc/>
    public int CompareTo(CniAttachment? other)
    {
        int order = string.CompareOrdinal(Network, other?.Network);
        order = order != 0 ? order : string.CompareOrdinal(ContainerId, other?.ContainerId);
        return order != 0 ? order : string.CompareOrdinal(Interface, other?.Interface);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Network, container and interface.</summary>
    public override string ToString() => $"{Network}/{ContainerId}/{Interface}";
}
