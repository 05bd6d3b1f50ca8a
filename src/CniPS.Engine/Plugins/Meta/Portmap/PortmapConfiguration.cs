using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>portmap's configuration, complete and checked.</summary>
internal sealed record PortmapConfiguration
{
    private const int DefaultMarkBit = 13;

    /// <summary>The backend that is named, or that the other options need; null where either will do.</summary>
    internal RuleBackend? Backend { get; init; }

    internal bool Snat { get; init; }

    internal bool MasqueradeAll { get; init; }

    internal int MarkBit { get; init; }

    internal string? ExternalSetMarkChain { get; init; }

    /// <summary>iptables' conditions, as words.</summary>
    internal IReadOnlyList<string> Words4 { get; init; } = [];

    internal IReadOnlyList<string> Words6 { get; init; } = [];

    /// <summary>nftables' conditions.</summary>
    internal IReadOnlyList<NftStatement> Conditions4 { get; init; } = [];

    internal IReadOnlyList<NftStatement> Conditions6 { get; init; } = [];

    internal IReadOnlyList<PortMapping> Mappings { get; init; } = [];

    internal IReadOnlyList<NftStatement> ConditionsOf(bool v6) => v6 ? Conditions6 : Conditions4;

    internal static PortmapConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        if (root.Has("externalSetMarkChain") && root.Has("markMasqBit"))
        {
            throw root.Error("externalSetMarkChain", "Cannot specify externalSetMarkChain and markMasqBit", "Leave out one of the two.");
        }

        int markBit = root.GetInt("markMasqBit") ?? DefaultMarkBit;
        if (markBit is < 0 or > 31)
        {
            throw root.Error("markMasqBit", "MasqMarkBit must be between 0 and 31");
        }

        RuleBackend? backend = ReadBackend(root);
        bool iptables = backend == RuleBackend.Iptables;
        return new PortmapConfiguration
        {
            Backend = backend,
            Snat = root.GetBool("snat", defaultValue: true),
            MasqueradeAll = root.GetBool("masqAll"),
            MarkBit = markBit,
            ExternalSetMarkChain = root.GetString("externalSetMarkChain"),
            Words4 = iptables ? root.GetStrings("conditionsV4") : [],
            Words6 = iptables ? root.GetStrings("conditionsV6") : [],
            Conditions4 = iptables ? [] : PortmapConditions.Parse(root, "conditionsV4", v6: false),
            Conditions6 = iptables ? [] : PortmapConditions.Parse(root, "conditionsV6", v6: true),
            Mappings = ReadMappings(root),
        };
    }

    // The backend that is named, or the one that the other options need.
    private static RuleBackend? ReadBackend(PluginConfigReader root)
    {
        List<string> iptables = [], nftables = [];
        foreach (string key in (string[])["externalSetMarkChain", "conditionsV4", "conditionsV6"])
        {
            if (key[0] == 'e' ? root.Has(key) : IsIptables(root.GetStrings(key)) is true)
            {
                iptables.Add(key);
            }
            else if (key[0] != 'e' && IsIptables(root.GetStrings(key)) is false)
            {
                nftables.Add(key);
            }
        }

        bool isNamed = root.GetString("backend") is not null;
        string backend = root.GetString("backend") ?? (iptables.Count > 0 ? "iptables" : "nftables");
        (string other, List<string> wrong) = backend switch
        {
            "nftables" => ("iptables", iptables),
            "iptables" => ("nftables", nftables),
            _ => throw root.Error("backend", $"unrecognized backend \"{backend}\"", "Use \"nftables\" or \"iptables\", or leave it out."),
        };
        if (wrong.Count > 0)
        {
            throw root.Error(
                wrong[0],
                $"{backend} backend was requested but configuration contains {other}-specific options [{string.Join(' ', wrong)}]",
                $"Leave out \"{wrong[0]}\", or use the backend \"{other}\".");
        }

        return isNamed || iptables.Count + nftables.Count > 0 ? RuleBackends.TryParse(backend) : null;
    }

    // iptables' words begin with a hyphen or an exclamation mark, nft's never do. Null: there are none.
    private static bool? IsIptables(IReadOnlyList<string> conditions) =>
        conditions.Count == 0 || conditions[0].Length == 0 ? null : conditions[0][0] is '-' or '!';

    private static List<PortMapping> ReadMappings(PluginConfigReader root)
    {
        List<PortMapping> mappings = [];
        foreach (PluginConfigValue value in root.GetObject("runtimeConfig")?.GetArray("portMappings") ?? [])
        {
            if (value.AsObject() is not { } entry)
            {
                continue;
            }

            PortMapping mapping = ReadMapping(entry);
            foreach (PortMapping other in mappings)
            {
                if (mapping != other && mapping with { ContainerPort = other.ContainerPort } == other)
                {
                    throw entry.Error("hostPort", $"host port {mapping.HostPort}/{mapping.ProtocolWord} is mapped to two ports of the container");
                }
            }

            if (!mappings.Contains(mapping))
            {
                mappings.Add(mapping);
            }
        }

        return mappings;
    }

    private static PortMapping ReadMapping(PluginConfigReader entry)
    {
        ushort containerPort = Port(entry, "containerPort", "container"), hostPort = Port(entry, "hostPort", "host");
        ProtocolType protocol = (entry.GetString("protocol") ?? "").ToLowerInvariant() switch
        {
            "tcp" or "" => ProtocolType.Tcp,
            "udp" => ProtocolType.Udp,
            "sctp" => ForwardedPort.Sctp,
            { } other => throw entry.Error("protocol", $"unknown protocol \"{other}\"", "Use \"tcp\", \"udp\" or \"sctp\"."),
        };
        IPAddress? host = entry.GetIp("hostIP");
        if (host is { IsIPv4MappedToIPv6: true })
        {
            host = host.MapToIPv4();
        }

        bool everywhere = host is null || host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any);
        return new PortMapping(protocol, hostPort, containerPort, everywhere ? null : host, host?.AddressFamily);
    }

    private static ushort Port(PluginConfigReader entry, string key, string whose)
    {
        int port = entry.GetInt(key) ?? 0;
        return port is > 0 and <= ushort.MaxValue
            ? (ushort)port
            : throw entry.Error(key, $"Invalid {whose} port number: {port}", "Use a number from 1 to 65535.");
    }
}
