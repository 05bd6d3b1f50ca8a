using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>What a request comes to: the container's first address of each family, and the ports that lead there.</summary>
/// <param name="Addresses">The addresses, with their subnets' lengths: those that any port leads to.</param>
/// <param name="Ports">The ports.</param>
internal sealed record PortmapTargets(IReadOnlyList<IpPrefix> Addresses, IReadOnlyList<ForwardedPort> Ports)
{
    internal static PortmapTargets Of(PluginCall call, PortmapConfiguration configuration)
    {
        List<IpPrefix> addresses = [];
        List<ForwardedPort> ports = [];
        foreach (IpPrefix address in AddressesOf(call))
        {
            int before = ports.Count;
            foreach (PortMapping mapping in configuration.Mappings)
            {
                if (mapping.Serves(address.Family))
                {
                    ports.Add(mapping.To(address.Address));
                }
            }

            if (ports.Count > before)
            {
                addresses.Add(address);
            }
        }

        return new PortmapTargets(addresses, ports);
    }

    /// <summary>The container's first address of each family: of the interface, or of none in particular.</summary>
    internal static List<IpPrefix> AddressesOf(PluginCall call)
    {
        List<IpPrefix> addresses = [];
        CniResult? result = call.PreviousResult;
        foreach (CniIPConfig ip in result?.Ips ?? [])
        {
            if (ip.Address is not { } address || addresses.Exists(other => other.Family == address.Family))
            {
                continue;
            }

            bool elsewhere = ip.Interface is { } index && index >= 0 && index < result!.Interfaces.Count
                && (result.Interfaces[index].Name != call.InterfaceName || string.IsNullOrEmpty(result.Interfaces[index].Sandbox));
            if (!elsewhere)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    internal IReadOnlyList<ForwardedPort> PortsOf(AddressFamily family)
    {
        List<ForwardedPort> ports = [.. Ports];
        ports.RemoveAll(port => port.Address.AddressFamily != family);
        return ports;
    }
}
