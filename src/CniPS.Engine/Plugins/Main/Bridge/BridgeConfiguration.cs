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

    internal RuleBackend? MasqueradeBackend { get; init; }

    internal int Mtu { get; init; }

    internal bool Hairpin { get; init; }

    internal bool Promiscuous { get; init; }

    internal bool PortIsolation { get; init; }

    internal PortVlans Vlans { get; init; } = PortVlans.None;

    internal bool SpoofCheck { get; init; }

    internal bool DetectDuplicates { get; init; }

    internal bool LeaveContainerDown { get; init; }

    internal MacAddress? Mac { get; init; }

    internal string IpamType { get; init; } = "";

    /// <summary>The configuration's own DNS; it replaces that of IPAM where it says anything.</summary>
    internal CniDns? Dns { get; init; }

    internal static BridgeConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        bool isDefaultGateway = root.GetBool("isDefaultGateway");
        BridgeConfiguration configuration = new()
        {
            Bridge = root.GetString("bridge") ?? "cni0",
            IsDefaultGateway = isDefaultGateway,
            IsGateway = root.GetBool("isGateway") || isDefaultGateway,
            ForceAddress = root.GetBool("forceAddress"),
            Masquerade = root.GetBool("ipMasq"),
            MasqueradeBackend = MasqueradeBackendKey.Read(root),
            Mtu = root.GetInt("mtu") ?? 0,
            Hairpin = root.GetBool("hairpinMode"),
            Promiscuous = root.GetBool("promiscMode"),
            PortIsolation = root.GetBool("portIsolation"),
            Vlans = PortVlansReader.Read(root),
            SpoofCheck = root.GetBool("macspoofchk"),
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
            root.Report("bridge", $"\"{configuration.Bridge}\" can't be a bridge's name", "Use at most 15 bytes without '/', ':' and space.");
        }

        if (configuration.Hairpin && configuration.Promiscuous)
        {
            root.Report("promiscMode", "cannot set hairpin mode and promiscuous mode at the same time", "Leave out one of the two.");
        }

        if (configuration.LeaveContainerDown && configuration.IpamType.Length > 0)
        {
            root.Report("disableContainerInterface", "cannot use IPAM when DisableContainerInterface flag is set", "Leave out \"ipam\".");
        }

        if (configuration is { IsGateway: true, Vlans.Vlan: not 0 and int vlan, IpamType.Length: > 0 }
            && VlanGateway.NameOf(configuration.Bridge, vlan) is var gateway && !CniNames.IsValidInterfaceName(gateway))
        {
            root.Report("bridge", $"\"{gateway}\", the name of the VLAN's gateway, is too long", "Choose a shorter name for the bridge: 15 bytes have to do for it, a dot and the VLAN.");
        }

        if (configuration.Mtu is < 0 or (> 0 and < 68) or > 65535)
        {
            root.Report("mtu", $"an MTU of {configuration.Mtu} is out of range (68 to 65535, or 0 for the default)");
        }
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

        if (call.Request.Verb == CniVerb.Delete)
        {
            return null; // the arguments concern only what is made
        }

        return call.Request.Args["MAC"] switch
        {
            null or "" => null,
            { } text when MacAddress.TryParse(text, out MacAddress mac) => mac,
            { } text => throw CniArgs.InvalidValue("MAC", text, $"invalid MAC address {text}"),
        };
    }
}
