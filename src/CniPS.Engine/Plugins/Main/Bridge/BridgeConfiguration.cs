using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>bridge's configuration, complete and checked.</summary>
internal sealed record BridgeConfiguration
{
    internal required string Bridge { get; init; }

    internal bool IsGateway { get; init; }

    internal bool IsDefaultGateway { get; init; }

    internal bool ForceAddress { get; init; }

    internal bool Masquerade { get; init; }

    internal int Mtu { get; init; }

    internal bool Hairpin { get; init; }

    internal bool Promiscuous { get; init; }

    internal bool PortIsolation { get; init; }

    internal bool DetectDuplicates { get; init; }

    internal bool LeaveContainerDown { get; init; }

    internal MacAddress? Mac { get; init; }

    internal string IpamType { get; init; } = "";

    /// <summary>The configuration's own DNS; it replaces that of IPAM where it says anything.</summary>
    internal CniDns Dns { get; init; } = CniDns.Empty;

    internal static BridgeConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        RefuseUnsupported(root);
        bool isDefaultGateway = root.GetBool("isDefaultGateway");
        BridgeConfiguration configuration = new()
        {
            Bridge = root.GetString("bridge") ?? "cni0",
            IsDefaultGateway = isDefaultGateway,
            IsGateway = root.GetBool("isGateway") || isDefaultGateway,
            ForceAddress = root.GetBool("forceAddress"),
            Masquerade = root.GetBool("ipMasq"),
            Mtu = root.GetInt("mtu") ?? 0,
            Hairpin = root.GetBool("hairpinMode"),
            Promiscuous = root.GetBool("promiscMode"),
            PortIsolation = root.GetBool("portIsolation"),
            DetectDuplicates = root.GetBool("enabledad"),
            LeaveContainerDown = root.GetBool("disableContainerInterface"),
            Mac = ReadMac(call, root),
            IpamType = call.Configuration.IpamType,
            Dns = ConfiguredDns.Read(root),
        };
        Check(configuration, root);
        return configuration;
    }

    private static void Check(BridgeConfiguration configuration, PluginConfigReader root)
    {
        if (!CniNames.IsValidInterfaceName(configuration.Bridge))
        {
            throw root.Error("bridge", $"\"{configuration.Bridge}\" can't be a bridge's name", "Use at most 15 bytes without '/', ':' and space.");
        }

        if (configuration.Hairpin && configuration.Promiscuous)
        {
            throw root.Error("promiscMode", "cannot set hairpin mode and promiscuous mode at the same time", "Leave out one of the two.");
        }

        if (configuration.LeaveContainerDown && configuration.IpamType.Length > 0)
        {
            throw root.Error("disableContainerInterface", "cannot use IPAM when DisableContainerInterface flag is set", "Leave out \"ipam\".");
        }

        if (configuration.Mtu is < 0 or (> 0 and < 68) or > 65535)
        {
            throw root.Error("mtu", $"an MTU of {configuration.Mtu} is out of range (68 to 65535, or 0 for the default)");
        }
    }

    // What changes who may talk to whom must not be passed over in silence.
    private static void RefuseUnsupported(PluginConfigReader root)
    {
        foreach (string key in (string[])["vlan", "vlanTrunk", "macspoofchk"])
        {
            if (root[key] is { } value && value.Json.ValueKind != System.Text.Json.JsonValueKind.False && value.Json.GetRawText() != "0")
            {
                throw Unsupported(root, key, value.Json.GetRawText());
            }
        }

        if (root.GetString("ipMasqBackend") is { Length: > 0 } backend and not "nftables")
        {
            throw Unsupported(root, "ipMasqBackend", backend);
        }
    }

    private static CniException Unsupported(PluginConfigReader root, string key, string value)
    {
        CniException error = root.Error(key, $"key \"{key}\" with value {value} is not supported by the native bridge");
        return new CniException(CniErrorIds.UnsupportedField, CniErrorCode.UnsupportedField, error.Msg)
        {
            Position = error.Position,
            PluginType = "bridge",
            Target = key,
            RecommendedAction = "Use the bridge program for this network: -PluginSource Path.",
        };
    }

    private static MacAddress? ReadMac(PluginCall call, PluginConfigReader root)
    {
        if (root.GetObject("runtimeConfig")?.GetMac("mac") is { } capability)
        {
            return capability;
        }

        if (root.GetObject("args")?.GetObject("cni")?.GetMac("mac") is { } argument)
        {
            return argument;
        }

        return call.Request.Args["MAC"] switch
        {
            null or "" => null,
            { } text when MacAddress.TryParse(text, out MacAddress mac) => mac,
            { } text => throw CniArgs.InvalidValue("MAC", text, $"invalid MAC address {text}"),
        };
    }
}
