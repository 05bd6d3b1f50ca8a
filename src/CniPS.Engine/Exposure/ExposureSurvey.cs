using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Diagnosis;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Ports;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Exposure;

/// <summary>
/// What can reach what on this machine: ports of the host, containers that are reached by their own addresses, ways out, networks among each other, and what lets
/// containers pass for others. Everything is read, and packets are followed as the kernel would send them; nothing is sent and nothing is changed.
/// </summary>
public static class ExposureSurvey
{
    /// <summary>Looks.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    /// <param name="kinds">What to look for.</param>
    /// <param name="warn">Told what could not be read.</param>
    /// <exception cref="CniException">This process may not look.</exception>
    public static IReadOnlyList<ExposureFinding> Look(IHost host, IReadOnlyList<CachedAttachment> attachments, IReadOnlyCollection<ExposureKind> kinds, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        ArgumentNullException.ThrowIfNull(kinds);
        try
        {
            using ReachSurvey reach = new(host, attachments);
            List<CachedAttachment> alive = [.. attachments.Where(reach.IsAlive).OrderBy(static attachment => attachment.Network, StringComparer.Ordinal).ThenBy(static attachment => attachment.ContainerId, StringComparer.Ordinal)];
            List<IGrouping<string, CachedAttachment>> networks = [.. alive.GroupBy(static attachment => attachment.Network)];
            return
            [
                .. kinds.Contains(ExposureKind.Port) ? Ports(host, attachments, reach, warn) : [],
                .. kinds.Contains(ExposureKind.Lan) ? alive.Select(attachment => Lan(reach, attachment)) : [],
                .. kinds.Contains(ExposureKind.Outbound) ? networks.SelectMany(network => Outbound(reach, network)) : [],
                .. kinds.Contains(ExposureKind.Isolation) ? Isolation(reach, networks) : [],
                .. kinds.Contains(ExposureKind.Spoofing) ? Spoofing(host, networks) : [],
            ];
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    private static IEnumerable<ExposureFinding> Ports(IHost host, IReadOnlyList<CachedAttachment> attachments, ReachSurvey reach, Action<string> warn)
    {
        foreach (HostPort port in HostPorts.List(host, attachments, warn))
        {
            bool isLocal = port.HostAddress is { } address && IPAddress.IsLoopback(address);
            string number = $"{port.Port}/{PortWords.Of(port.Protocol)}";
            List<string> open = [.. reach.Uplinks.Where(uplink => uplink.Held.Address.Address.AddressFamily == port.Target.AddressFamily && (port.HostAddress is null || port.HostAddress.Equals(uplink.Held.Address.Address)))
                .Select(static uplink => $"{uplink.Held.Address.Address} ({uplink.Link.Name})")];
            string where = isLocal ? "on the host only" : open.Count == 0 ? "on no address by which others come" : $"on {string.Join(", ", open)}";
            yield return new ExposureFinding(
                ExposureKind.Port, isLocal ? ExposureFinding.Host : ExposureFinding.Outside, $"{port.ContainerId ?? "?"} {port.Target}", port.IsServed, port.IsServed ? where : "no rule leads there")
            {
                Network = port.Network,
                ContainerId = port.ContainerId,
                Port = port.Port,
                Protocol = PortWords.Of(port.Protocol),
                HostPort = port.HostAddress is { } one ? $"{(one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{one}]" : one)}:{number}" : number,
                Advice = port is { IsServed: true, HostAddress: null } && open.Count > 0 ? $"publish it on one address: -PortMapping {reach.Uplinks[0].Held.Address.Address}:{port.Port}:{port.Target.Port}" : null,
            };
        }
    }

    private static ExposureFinding Lan(ReachSurvey reach, CachedAttachment attachment)
    {
        string? master = attachment.Configuration is { } network ? SpoofingRules.MasterOf(network) : null;
        Reach outside = master is not null ? new Reach(true, $"it is on the network of {master} itself, with all of its ports") : reach.FromOutside(attachment);
        return new ExposureFinding(ExposureKind.Lan, ExposureFinding.Outside, attachment.ContainerId, outside.IsOpen, outside.Reason)
        {
            Network = attachment.Network,
            ContainerId = attachment.ContainerId,
            Advice = outside.IsOpen != true ? null
                : master is not null ? "rules in the container, or at the switch's port" : "a rule in the hook forward that drops what comes from outside and is of no connection",
        };
    }

    private static IEnumerable<ExposureFinding> Outbound(ReachSurvey reach, IGrouping<string, CachedAttachment> network) =>
        from same in ReachCases.Of(network, one => one.Configuration is { } list && SpoofingRules.MasterOf(list) is { } master ? new Reach(true, $"directly, by {master}") : reach.ToOutside(one))
        select new ExposureFinding(ExposureKind.Outbound, network.Key, ExposureFinding.Outside, same.IsOpen, same.Reason) { Network = network.Key, ContainerId = same.ContainerId };

    // Of two networks each container of the one is tried against one of the other, and one of the one against each: who differs is told apart.
    private static IEnumerable<ExposureFinding> Isolation(ReachSurvey reach, List<IGrouping<string, CachedAttachment>> networks)
    {
        foreach (IGrouping<string, CachedAttachment> from in networks)
        {
            foreach (ReachCase same in ReachCases.Of(from, reach.ToHost))
            {
                yield return Pair(from.Key, ExposureFinding.Host, same, from.Key);
            }

            foreach (IGrouping<string, CachedAttachment> to in networks)
            {
                foreach (ReachCase same in ReachCases.Between(reach, from, to))
                {
                    yield return Pair(from.Key, to.Key, same, to.Key);
                }
            }
        }

        foreach (IGrouping<string, CachedAttachment> to in networks)
        {
            foreach (ReachCase same in ReachCases.Of(to, reach.FromHost))
            {
                yield return Pair(ExposureFinding.Host, to.Key, same, to.Key);
            }
        }
    }

    private static ExposureFinding Pair(string from, string to, ReachCase reach, string network) =>
        new(ExposureKind.Isolation, from, to, reach.IsOpen, reach.Reason)
        {
            Network = network,
            ContainerId = reach.ContainerId,
            Advice = reach.IsOpen == true && from != to && from != ExposureFinding.Host && to != ExposureFinding.Host ? "the plugin firewall with \"ingressPolicy\": \"same-bridge\"" : null,
        };

    private static IEnumerable<ExposureFinding> Spoofing(IHost host, List<IGrouping<string, CachedAttachment>> networks)
    {
        foreach (IGrouping<string, CachedAttachment> network in networks)
        {
            CachedAttachment one = network.First();
            foreach (ExposureFinding finding in one.Configuration is { } list ? SpoofingRules.Of(list) : [])
            {
                yield return finding;
            }

            foreach (CachedAttachment attachment in network)
            {
                if (TakesAdvertisements(host, attachment))
                {
                    yield return new ExposureFinding(
                        ExposureKind.Spoofing, network.Key, attachment.ContainerId, true, $"{attachment.InterfaceName} takes advertisements of routers: whoever is on the network can be its gateway (accept_ra)")
                    {
                        Network = network.Key,
                        ContainerId = attachment.ContainerId,
                        Advice = $"the plugin tuning with \"sysctl\": {{\"net.ipv6.conf.{attachment.InterfaceName}.accept_ra\": \"0\"}}",
                    };
                }
            }
        }

        string[] local = [.. host.GetLinks(host.Namespace).Where(link => host.ReadSysctl(host.Namespace, $"net/ipv4/conf/{link.Name}/route_localnet") == "1").Select(static link => link.Name)];
        if (local.Length > 0)
        {
            yield return new ExposureFinding(
                ExposureKind.Spoofing, ExposureFinding.Outside, ExposureFinding.Host, true, $"what comes in by {string.Join(", ", local)} may be sent to 127.0.0.1 of the host (route_localnet)")
            {
                Advice = "portmap with \"snat\": false where no port is wanted at 127.0.0.1, and route_localnet 0",
            };
        }
    }

    private static bool TakesAdvertisements(IHost host, CachedAttachment attachment)
    {
        using NetworkNamespace? ns = NetworkNamespace.TryOpen(attachment.NetNS);
        return ns is not null && host.ReadSysctl(ns, $"net/ipv6/conf/{attachment.InterfaceName}/accept_ra") is "1" or "2"
            && host.ReadSysctl(ns, $"net/ipv6/conf/{attachment.InterfaceName}/disable_ipv6") == "0"
            && host.ReadSysctl(ns, $"net/ipv6/conf/{attachment.InterfaceName}/forwarding") == "0";
    }
}
