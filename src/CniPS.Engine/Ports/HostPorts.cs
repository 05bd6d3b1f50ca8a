using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Ports;

/// <summary>
/// Which ports of the host lead to whom: what the kernel holds, whoever made it, and what attachments of the cache have asked for. Nothing is
/// guessed: a rule is a container's by its comment, else by the address, if the cache knows an attachment that has it.
/// </summary>
public static class HostPorts
{
    /// <summary>All of them, by port.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    /// <param name="warn">Told what could not be read.</param>
    /// <exception cref="CniException">This process may not look.</exception>
    public static IReadOnlyList<HostPort> List(IHost host, IReadOnlyList<CachedAttachment> attachments, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        try
        {
            List<HostPort> found = [.. NftablesHostPorts.Of(host), .. IptablesHostPorts.Of(host, warn)];
            List<(CachedAttachment Attachment, HostPort Port)> wanted = [.. attachments.SelectMany(attachment => Wanted(attachment).Select(port => (attachment, port)))];
            List<HostPort> ports = found.ConvertAll(port => Known(port, attachments));
            foreach ((CachedAttachment attachment, HostPort port) in wanted)
            {
                if (!found.Exists(other => other.IsOfSamePackets(port) && other.Target.Equals(port.Target)))
                {
                    ports.Add(Of(attachment, port));
                }
            }

            return [.. ports.OrderBy(port => port.Port).ThenBy(port => port.Protocol).ThenBy(port => Text(port.HostAddress)).ThenBy(port => IpPrefix.Host(port.Target.Address))];
        }
        catch (Linux.LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    private static string Text(IPAddress? address) => address?.ToString() ?? "";

    private static HostPort Of(CachedAttachment attachment, HostPort port) =>
        port with { ContainerId = attachment.ContainerId, Network = attachment.Network, Interface = attachment.InterfaceName, Attachment = attachment };

    private static HostPort Known(HostPort port, IReadOnlyList<CachedAttachment> attachments)
    {
        CachedAttachment? holder = attachments.FirstOrDefault(attachment =>
            (port.ContainerId is null || port.ContainerId == attachment.ContainerId)
            && (port.Network is null || port.Network == attachment.Network)
            && AddressesOf(attachment).Contains(port.Target.Address));
        return holder is null ? port : Of(holder, port);
    }

    private static IEnumerable<IPAddress> AddressesOf(CachedAttachment attachment) =>
        from ip in attachment.Result?.Ips ?? [] where ip.Address is not null select ip.Address!.Value.Address;

    // What ADD was given: the capability portMappings, for each of the attachment's addresses of a fitting family.
    private static IEnumerable<HostPort> Wanted(CachedAttachment attachment)
    {
        foreach (PortRequest request in attachment.CapabilityArgs.Where(pair => pair.Key == "portMappings").SelectMany(pair => PortRequest.Read(pair.Value)))
        {
            foreach (IPAddress address in AddressesOf(attachment).DistinctBy(address => address.AddressFamily))
            {
                if (request.HostAddress is null || request.HostAddress.AddressFamily == address.AddressFamily)
                {
                    bool everywhere = request.HostAddress is null || request.HostAddress.Equals(IPAddress.Any) || request.HostAddress.Equals(IPAddress.IPv6Any);
                    yield return new HostPort(request.Protocol, request.Port, everywhere ? null : request.HostAddress, new IPEndPoint(address, request.ContainerPort));
                }
            }
        }
    }

    /// <summary>An entry of the capability portMappings.</summary>
    private sealed record PortRequest(ProtocolType Protocol, ushort Port, ushort ContainerPort, IPAddress? HostAddress)
    {
        internal static IEnumerable<PortRequest> Read(JsonElement json)
        {
            foreach (JsonElement entry in json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [])
            {
                if (entry.ValueKind == JsonValueKind.Object && Number(entry, "hostPort") is { } port && Number(entry, "containerPort") is { } containerPort)
                {
                    IpText.TryParse(Word(entry, "hostIP"), out IPAddress? address);
                    yield return new PortRequest(PortWords.ProtocolOf(Word(entry, "protocol")), port, containerPort, address);
                }
            }
        }

        private static ushort? Number(JsonElement entry, string key) =>
            entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt16(out ushort number) && number > 0 ? number : null;

        private static string? Word(JsonElement entry, string key) =>
            entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
