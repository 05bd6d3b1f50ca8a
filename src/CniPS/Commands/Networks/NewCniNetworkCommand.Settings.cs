using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Net;
using CniPS.Completers;
using CniPS.Linux.Route;

namespace CniPS.Commands;

/// <content>What a network can be made of without knowing JSON.</content>
public sealed partial class NewCniNetworkCommand
{
    /// <summary>The subnets to take addresses from, such as <c>10.15.20.0/24</c>; a container gets an address of each.</summary>
    [Parameter(Position = 1, ParameterSetName = FromSettings)]
    public IpPrefix[]? Subnet { get; set; }

    /// <summary>The plugin that gives containers their interface. Default: bridge.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string Type { get; set; } = "bridge";

    /// <summary>The link of the host that the containers' links stand on: macvlan, ipvlan, vlan.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string? Master { get; set; }

    /// <summary>The device that the container gets: host-device.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string? Device { get; set; }

    /// <summary>macvlan's mode (bridge, private, vepa, passthru) or ipvlan's (l2, l3, l3s).</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public string? Mode { get; set; }

    /// <summary>The VLAN: that of the links (vlan), or that of the bridge's ports (bridge).</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ValidateRange(1, 4094)]
    public int VlanId { get; set; }

    /// <summary>Addresses that every container gets, with the lengths of their subnets, such as <c>10.15.20.5/24</c>: static.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public IpPrefix[]? StaticAddress { get; set; }

    /// <summary>Takes addresses from the network's DHCP server.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter Dhcp { get; set; }

    /// <summary>The name servers that the result tells the runtime.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public IPAddress[]? DnsServer { get; set; }

    /// <summary>Lets ports of the host lead into containers: portmap.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter PortMapping { get; set; }

    /// <summary>Lets the host's firewall pass what containers send and get: firewall.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter Firewall { get; set; }

    /// <summary>Keeps the containers of other isolated networks out: firewall with the policy same-bridge.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter Isolated { get; set; }

    /// <summary>Gives the network no way out: no gateway, no masquerading, no default route, no ports.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter Internal { get; set; }

    /// <summary>What each container may get and send, such as <c>100mbit</c>: bandwidth.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public BitRate? Bandwidth { get; set; }

    /// <summary>More keys of the plugin, such as <c>@{ portIsolation = $true; 'ipam.dataDir' = '/run/data' }</c>.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [DictionaryTransform]
    public IDictionary? Property { get; set; }

    /// <summary>The bridge. Default: cni0.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(BridgeCompleter))]
    public string? Bridge { get; set; }

    /// <summary>The gateway of each subnet. Default: its first address.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public IPAddress[]? Gateway { get; set; }

    /// <summary>The first address to give out, for each subnet.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public IPAddress[]? RangeStart { get; set; }

    /// <summary>The last address to give out, for each subnet.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public IPAddress[]? RangeEnd { get; set; }

    /// <summary>Routes that containers get, such as <c>default</c> or <c>10.0.0.0/8 via 10.15.20.1</c>.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public NetworkRoute[]? Route { get; set; }

    /// <summary>Gives the bridge the gateway's address, and lets the host forward.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter IsGateway { get; set; }

    /// <summary>Makes the bridge the containers' default gateway.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter IsDefaultGateway { get; set; }

    /// <summary>Replaces another address of the bridge.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter ForceAddress { get; set; }

    /// <summary>Hides containers behind the host's address where they talk to other networks.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [Alias("IpMasq")]
    public SwitchParameter Masquerade { get; set; }

    /// <summary>Lets a container reach itself through the bridge.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter HairpinMode { get; set; }

    /// <summary>Switches the bridge to promiscuous mode.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public SwitchParameter PromiscMode { get; set; }

    /// <summary>The interfaces' MTU in bytes. Default: the kernel's.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ValidateRange(68, 65535)]
    public int Mtu { get; set; }

    /// <summary>The folder in which host-local keeps its leases.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public string? DataDir { get; set; }

    /// <summary>A file in the format of resolv.conf, for the result's DNS settings.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    public string? ResolvConf { get; set; }

    /// <summary>Capabilities to declare, such as <c>ips</c> or <c>mac</c>.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? Capability { get; set; }

    private NetworkSettings Describe() => new()
    {
        Name = Name,
        CniVersion = CniVersion,
        Type = Type,
        Keys = Keys(),
        Addresses = new AddressSettings
        {
            Subnets = Subnet ?? [],
            Addresses = StaticAddress ?? [],
            Dhcp = Dhcp,
            Gateways = Gateway ?? [],
            RangeStarts = RangeStart ?? [],
            RangeEnds = RangeEnd ?? [],
            Routes = Route ?? [],
            DataDir = DataDir,
            ResolvConf = ResolvConf,
        },
        DnsServers = DnsServer ?? [],
        Capabilities = Capability ?? [],
        Property = Property,
        Internal = Internal,
        PortMapping = PortMapping,
        Firewall = Firewall,
        Isolated = Isolated,
        Bandwidth = Bandwidth,
    };

    private List<(string Parameter, string[] Keys, object Value)> Keys()
    {
        List<(string, string[], object)> keys = [];
        foreach ((string parameter, string key, string? text) in new[]
        {
            (nameof(Bridge), "bridge", Bridge), (nameof(Master), "master", Master), (nameof(Device), "device", Device), (nameof(Mode), "mode", Mode),
        })
        {
            if (!string.IsNullOrEmpty(text))
            {
                keys.Add((parameter, [key], text));
            }
        }

        foreach ((string parameter, string key, SwitchParameter isOn) in new[]
        {
            (nameof(IsGateway), "isGateway", IsGateway), (nameof(IsDefaultGateway), "isDefaultGateway", IsDefaultGateway),
            (nameof(ForceAddress), "forceAddress", ForceAddress), (nameof(Masquerade), "ipMasq", Masquerade),
            (nameof(HairpinMode), "hairpinMode", HairpinMode), (nameof(PromiscMode), "promiscMode", PromiscMode),
        })
        {
            if (isOn)
            {
                keys.Add((parameter, [key], true));
            }
        }

        if (IsBound(nameof(Mtu)))
        {
            keys.Add((nameof(Mtu), ["mtu"], Mtu));
        }

        if (IsBound(nameof(VlanId)))
        {
            keys.Add((nameof(VlanId), ["vlanId", "vlan"], VlanId));
        }

        return keys;
    }
}
