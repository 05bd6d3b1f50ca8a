using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether the bridge that is there already has an address that contradicts a network's subnet, as ADD would find.</summary>
internal static class BridgeAddressCheck
{
    internal static void Check(NetworkConfigurationList list, Func<string, bool> isNative, IHost host, ProblemCollector problems)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            bool isGateway = ConfiguredSubnet.IsTrue(plugin, "isGateway") || ConfiguredSubnet.IsTrue(plugin, "isDefaultGateway");
            if (isGateway && isNative(plugin.Type) && !ConfiguredSubnet.IsTrue(plugin, "forceAddress") && SubnetCheck.BridgeOf(plugin) is { } name
                && !HasVlan(plugin) && host.FindLink(host.Namespace, name) is { Kind: "bridge" } bridge)
            {
                Check(plugin, bridge, host.GetAddresses(host.Namespace, bridge.Index), problems);
            }
        }
    }

    private static void Check(PluginConfiguration plugin, Link bridge, IReadOnlyList<InterfaceAddress> addresses, ProblemCollector problems)
    {
        List<ConfiguredSubnet> subnets = ConfiguredSubnet.Of(plugin);
        List<IpPrefix> own = subnets.ConvertAll(GatewayOf);
        for (int i = 0; i < own.Count; i++)
        {
            bool isThere = false;
            IpPrefix? other = null;
            foreach (InterfaceAddress address in addresses)
            {
                isThere |= address.Address == own[i];
                // Any other IPv4 address is in the way; of IPv6, only one in an overlapping subnet. What the network itself brings is not.
                if (address.IsGlobal && address.Address.IsV6 == own[i].IsV6 && (!own[i].IsV6 || address.Address.Overlaps(own[i])) && !own.Contains(address.Address))
                {
                    other = address.Address;
                }
            }

            if (!isThere && other is { } present)
            {
                problems.Add(
                    CniErrorIds.BridgeConflict,
                    ProblemSeverity.Error,
                    plugin,
                    subnets[i].Place,
                    $"bridge {bridge.Name} has the address {present}: it can't be the gateway {own[i]} of subnet {subnets[i].Subnet} as well",
                    "Use another bridge, correct the subnet, or set \"forceAddress\": true.");
                return;
            }
        }
    }

    private static IpPrefix GatewayOf(ConfiguredSubnet subnet)
    {
        IPAddress gateway = subnet.Gateway ?? IpNumber.Of(subnet.Subnet.Address).Next().ToAddress(subnet.Subnet.Family);
        return new IpPrefix(gateway, gateway.AddressFamily == subnet.Subnet.Family ? subnet.Subnet.Length : IpText.Bits(gateway.AddressFamily));
    }

    // A VLAN has a gateway of its own.
    private static bool HasVlan(PluginConfiguration plugin) => plugin.Locate(JsonPath.Root.Property("vlan")) is not null;
}
