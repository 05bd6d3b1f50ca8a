using System;
using System.Collections.Generic;
using System.Linq;
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
    private readonly int? _configuredMtu;

    internal CniAttachment(string network, Attachment attachment, NetworkConfigurationList? configuration, CniResult? result)
    {
        Network = network;
        ContainerId = attachment.ContainerId;
        NetNS = attachment.NetNS;
        Interface = attachment.InterfaceName;
        Given = attachment;
        AddResult = result;
        NetworkFacts? facts = configuration is null ? null : new NetworkFacts(configuration);
        Bridge = facts?.Bridge;
        _configuredMtu = facts?.Mtu;
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
    public string? IPAddress => FirstPrefix?.Address.ToString();

    /// <summary>The first address with the length of its subnet's prefix.</summary>
    public string? Prefix => FirstPrefix?.ToString();

    /// <summary>All addresses, with their prefixes' lengths.</summary>
    public CniList<string> Addresses => _facts.Addresses.ToTexts();

    /// <summary>The gateway of the first address that has one.</summary>
    public string? Gateway => _facts.Gateway?.ToString();

    /// <summary>The interface's MAC address, from the result, or, where that has none (as up to version 0.2.0), as it is now.</summary>
    public string? Mac => _facts.Mac ?? Seen.Mac;

    /// <summary>The other end, on the host; likewise.</summary>
    public string? HostInterface => _facts.HostInterface ?? Seen.HostInterface;

    /// <summary>The bridge, where there is a bridge plugin.</summary>
    public string? Bridge { get; }

    /// <summary>The version of the result.</summary>
    public string CniVersion { get; }

    /// <summary>The interface's MTU in bytes, from the result (which has it since 1.1.0), else from the configuration; null where neither says it.</summary>
    public int? Mtu => _facts.Mtu ?? _configuredMtu;

    /// <summary>The routes that ADD made, as <c>10.0.0.0/8 via 10.1.0.1</c>.</summary>
    public CniList<string> Routes => new((AddResult?.Routes ?? []).Select(route => route.ToString()), ',');

    /// <summary>The resolver's settings, of which nobody but the runtime makes something, as in resolv.conf; null for none.</summary>
    public string? Dns => CniResolver.TextOf(AddResult?.Dns);

    /// <summary>Ports of the host that lead here, as Add-CniAttachment takes them: <c>8080:80/tcp</c>.</summary>
    public CniList<string> PortMapping => GivenPorts.ToTexts();

    /// <summary>The capability arguments of ADD, as JSON.</summary>
    public string? CapabilityArgs => CniCapabilityArgs.TextOf(Given.CapabilityArgs);

    /// <summary>CNI_ARGS of ADD: <c>K=V;K=V</c>.</summary>
    public string? CniArgs => Given.Args.IsEmpty ? null : Given.Args.ToString();

    /// <summary>What ADD returned, as JSON.</summary>
    public string? Result => CniAddResult.TextOf(AddResult);

    /// <summary>What became of it: Alive, Foreign, InterfaceGone, NamespaceGone, Unknown.</summary>
    public string State => Seen.State.ToString();

    /// <summary>How that is known: where the interface is, or why it is gone, or why that can't be told.</summary>
    public string? Reason => Seen.Reason;

    /// <summary>The pod, as Kubernetes and podman name it in CNI_ARGS: namespace and name, <c>kube-system/coredns-0</c>; null where they don't.</summary>
    public string? Pod => Given.Args.Pod;

    /// <summary>The pod's name alone.</summary>
    public string? PodName => Given.Args["K8S_POD_NAME"];

    /// <summary>The pod's namespace alone: Kubernetes', not the kernel's.</summary>
    public string? PodNamespace => Given.Args["K8S_POD_NAMESPACE"];

    /// <summary>Whether it is in the cache only: its interface is proven to be gone.</summary>
    public bool IsStale => Seen.State is CniAttachmentState.InterfaceGone or CniAttachmentState.NamespaceGone;

    /// <summary>Whether its network's file says something else by now than it was made with: Update-CniAttachment gives it that.</summary>
    public bool IsOutdated { get; internal init; }

    /// <summary>When it was made.</summary>
    public DateTime Created { get; internal init; }

    /// <summary>The folder of the cache that knows it.</summary>
    public string CachePath { get; internal init; } = Defaults.CachePath;

    /// <summary>The folders of plugin programs it was made with, as in CNI_PATH; null where that is not known.</summary>
    public string? PluginPath { get; internal init; }

    /// <summary>What ADD was given.</summary>
    internal Attachment Given { get; }

    /// <summary>What ADD returned.</summary>
    internal CniResult? AddResult { get; }

    /// <summary>The first address.</summary>
    internal IpPrefix? FirstPrefix => _facts.Addresses.Length > 0 ? _facts.Addresses[0] : null;

    /// <summary>All addresses.</summary>
    internal IpPrefix[] Prefixes => _facts.Addresses;

    /// <summary>The gateway.</summary>
    internal System.Net.IPAddress? GatewayAddress => _facts.Gateway;

    /// <summary>The ports.</summary>
    internal IReadOnlyList<PortMapping> GivenPorts => CapabilityPorts.Of(Given.CapabilityArgs);

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
