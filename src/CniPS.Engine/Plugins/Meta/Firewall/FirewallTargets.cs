using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>What a request comes to.</summary>
/// <param name="Addresses">The container's addresses.</param>
/// <param name="Bridge">The bridge that a policy is for; null without a policy.</param>
internal sealed record FirewallTargets(IReadOnlyList<IPAddress> Addresses, string? Bridge)
{
    /// <summary>For ADD and CHECK: what the plugins before have made.</summary>
    internal static FirewallTargets Of(CniResult result, FirewallConfiguration configuration) => new(AddressesOf(result.Ips), BridgeOf(result, configuration));

    /// <summary>
    /// For DEL: what ADD made; where nobody remembers it, the addresses that the container's interface still has, and those that are leased to it:
    /// after a killed ADD the container may be gone.
    /// </summary>
    internal static FirewallTargets Left(PluginCall call, PluginContext context)
    {
        if (call.PreviousResult is { } result)
        {
            return new FirewallTargets(AddressesOf(result.Ips), null);
        }

        List<IPAddress> addresses = [];
        if (call.Request.NetNS.Length > 0 && context.TryOpenNamespace(call.Request.NetNS, out _) is { } ns && ns.Id != context.Host.Namespace.Id
            && context.Host.FindLink(ns, call.InterfaceName) is { } link)
        {
            foreach (InterfaceAddress address in context.Host.GetAddresses(ns, link.Index))
            {
                if (!address.Address.Address.IsIPv6LinkLocal)
                {
                    addresses.Add(address.Address.Address);
                }
            }
        }

        foreach (IPAddress leased in context.AskLeased?.Invoke() ?? [])
        {
            if (!addresses.Contains(leased))
            {
                addresses.Add(leased);
            }
        }

        return new FirewallTargets(addresses, null);
    }

    internal IReadOnlyList<IPAddress> Of(bool v6)
    {
        List<IPAddress> addresses = [.. Addresses];
        addresses.RemoveAll(address => address.AddressFamily == AddressFamily.InterNetworkV6 != v6);
        return addresses;
    }

    /// <summary>Whether a bridge has a port: a policy for it is in use then.</summary>
    internal static bool HasPorts(IHost host, string bridge)
    {
        if (host.FindLink(host.Namespace, bridge) is not { } link)
        {
            return false;
        }

        foreach (Link port in host.GetLinks(host.Namespace))
        {
            if (port.Master == link.Index)
            {
                return true;
            }
        }

        return false;
    }

    private static List<IPAddress> AddressesOf(IReadOnlyList<CniIPConfig> ips)
    {
        List<IPAddress> addresses = [];
        foreach (CniIPConfig ip in ips)
        {
            if (ip.Address is { } address && !addresses.Contains(address.Address))
            {
                addresses.Add(address.Address);
            }
        }

        return addresses;
    }

    private static string? BridgeOf(CniResult result, FirewallConfiguration configuration)
    {
        if (configuration.Policy == IngressPolicy.Open)
        {
            return null;
        }

        string? problem = result.Interfaces.Count == 0
            ? $"interface needs to be set for ingress policy \"{configuration.PolicyWord}\", make sure to chain \"firewall\" plugin with \"bridge\""
            : result.Interfaces[0].Name.Length == 0 ? "got empty bridge name" : null;
        return problem is null ? result.Interfaces[0].Name : throw new CniException(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, problem)
        {
            RecommendedAction = "Put firewall behind bridge, or leave out \"ingressPolicy\".",
        };
    }
}
