using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Main;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What is known of an attachment, by which its interface can be told from others.</summary>
internal sealed class AttachmentEvidence
{
    private AttachmentEvidence(string interfaceName)
    {
        InterfaceName = interfaceName;
    }

    /// <summary>The interface's name when it was made; empty where that is not known.</summary>
    internal string InterfaceName { get; }

    /// <summary>When it was made; null where that is not known.</summary>
    internal DateTimeOffset? Since { get; private init; }

    /// <summary>The paths of its namespace: the one that ADD was given, and the one in the result, where that is another.</summary>
    internal List<string> Paths { get; } = [];

    /// <summary>The MAC addresses of its interface.</summary>
    internal HashSet<MacAddress> Macs { get; } = [];

    /// <summary>Its addresses.</summary>
    internal HashSet<IPAddress> Addresses { get; } = [];

    /// <summary>The host's ends by name, with the MAC address where that is known.</summary>
    internal List<(string Name, MacAddress? Mac)> HostEnds { get; } = [];

    /// <summary>The host's other interfaces in the result: the bridge that the pair is a port of.</summary>
    internal List<string> Others { get; } = [];

    /// <summary>Whether the result names the host's end of a pair (as our ADD and the Go plugins name it): where that is gone, so is the container's.</summary>
    internal bool HasHostEnd { get; private set; }

    /// <summary>Whether anything is known but names.</summary>
    internal bool IsEmpty => Paths.Count == 0 && Macs.Count == 0 && Addresses.Count == 0 && !HasHostEnd;

    /// <summary>Whether a link has the interface's MAC address.</summary>
    internal bool IsKnownMac(Link link) => link is { IsLoopback: false, Mac: { } mac } && Macs.Contains(mac);

    /// <summary>Of a cached attachment: all that its result says.</summary>
    internal static AttachmentEvidence Of(CachedAttachment cached)
    {
        AttachmentEvidence evidence = new(cached.InterfaceName) { Since = cached.Created };
        evidence.AddPath(cached.Entry.NetNS);
        evidence.AddResult(cached.Result);
        evidence.AddNames(cached.Network, cached.ContainerId, cached.InterfaceName);
        return evidence;
    }

    /// <summary>Of something that says whose it is, without a cache.</summary>
    internal static AttachmentEvidence Of(AttachmentClaim claim)
    {
        AttachmentEvidence evidence = new(claim.InterfaceName ?? "");
        foreach (IPAddress address in claim.Addresses)
        {
            evidence.AddAddress(address);
        }

        if (claim.HostEnd is { } end)
        {
            evidence.HostEnds.Add((end, null));
            evidence.HasHostEnd = true;
        }

        if (claim is { ContainerId: { } container, InterfaceName: { } name })
        {
            evidence.AddNames(claim.Network, container, name);
        }

        return evidence;
    }

    private void AddPath(string? path)
    {
        if (!string.IsNullOrEmpty(path) && !Paths.Contains(path))
        {
            Paths.Add(path);
        }
    }

    private void AddResult(CniResult? result)
    {
        foreach (CniInterface item in result?.Interfaces ?? [])
        {
            MacAddress? mac = MacAddress.TryParse(item.Mac, out MacAddress parsed) && parsed != default ? parsed : null;
            if (string.IsNullOrEmpty(item.Sandbox))
            {
                bool isPair = item.Name.StartsWith("veth", StringComparison.Ordinal);
                HostEnds.Add((item.Name, isPair ? mac : null)); // a bridge has the MAC address of one of its ports
                HasHostEnd |= isPair;
                if (!isPair)
                {
                    Others.Add(item.Name);
                }

                continue;
            }

            AddPath(item.Sandbox);
            if (mac is { } known && item.Name == InterfaceName)
            {
                Macs.Add(known);
            }
        }

        foreach (CniIPConfig ip in result?.Ips ?? [])
        {
            if (ip.Address is { } address)
            {
                AddAddress(address.Address);
            }
        }
    }

    // Every namespace has those of its loopback.
    private void AddAddress(IPAddress address)
    {
        if (!IPAddress.IsLoopback(address))
        {
            Addresses.Add(address);
        }
    }

    // The names that our ADD gives; the first is no other's.
    private void AddNames(string network, string container, string interfaceName)
    {
        string first = HostVeth.Name(network, container, interfaceName, 0);
        if (!HostEnds.Exists(end => end.Name == first))
        {
            HostEnds.Add((first, null));
        }
    }
}
