using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Net;
using System.Text;
using CniPS.Completers;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Makes a network: from a bridge's settings, from plugin tables, from JSON, or from a file. Nothing on the machine changes, unless
/// -OutFile writes it.
/// </summary>
[Cmdlet(VerbsCommon.New, "CniNetwork", DefaultParameterSetName = FromBridge, SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class NewCniNetworkCommand : CniCommand
{
    private const string FromBridge = "Bridge";
    private const string FromPlugin = "Plugin";
    private const string FromJson = "Json";
    private const string FromPath = "Path";

    /// <summary>The network's name: a letter or digit, then letters, digits, <c>_</c>, <c>.</c>, <c>-</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromBridge)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPlugin)]
    [Alias("Network")]
    public string Name { get; set; } = "";

    /// <summary>The subnets to take addresses from, such as <c>10.15.20.0/24</c>; a container gets an address of each.</summary>
    [Parameter(Position = 1, ParameterSetName = FromBridge)]
    public IpPrefix[]? Subnet { get; set; }

    /// <summary>The bridge. Default: cni0.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public string? Bridge { get; set; }

    /// <summary>The gateway of each subnet. Default: its first address.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public IPAddress[]? Gateway { get; set; }

    /// <summary>The first address to give out, for each subnet.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public IPAddress[]? RangeStart { get; set; }

    /// <summary>The last address to give out, for each subnet.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public IPAddress[]? RangeEnd { get; set; }

    /// <summary>Routes that containers get, such as <c>default</c> or <c>10.0.0.0/8 via 10.15.20.1</c>.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public NetworkRoute[]? Route { get; set; }

    /// <summary>Gives the bridge the gateway's address, and lets the host forward.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public SwitchParameter IsGateway { get; set; }

    /// <summary>Makes the bridge the containers' default gateway.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public SwitchParameter IsDefaultGateway { get; set; }

    /// <summary>Replaces another address of the bridge.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public SwitchParameter ForceAddress { get; set; }

    /// <summary>Hides containers behind the host's address where they talk to other networks.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    [Alias("IpMasq")]
    public SwitchParameter Masquerade { get; set; }

    /// <summary>Lets a container reach itself through the bridge.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public SwitchParameter HairpinMode { get; set; }

    /// <summary>Switches the bridge to promiscuous mode.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public SwitchParameter PromiscMode { get; set; }

    /// <summary>The interfaces' MTU in bytes. Default: the kernel's.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    [ValidateRange(68, 65535)]
    public int Mtu { get; set; }

    /// <summary>The folder in which host-local keeps its leases.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public string? DataDir { get; set; }

    /// <summary>A file in the format of resolv.conf, for the result's DNS settings.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    public string? ResolvConf { get; set; }

    /// <summary>Capabilities to declare, such as <c>ips</c> or <c>mac</c>.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? Capability { get; set; }

    /// <summary>The plugins' configurations as tables, in the order of ADD.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPlugin)]
    public object[] Plugin { get; set; } = [];

    /// <summary>Makes CHECK do nothing.</summary>
    [Parameter(ParameterSetName = FromPlugin)]
    public SwitchParameter DisableCheck { get; set; }

    /// <summary>The version of the specification.</summary>
    [Parameter(ParameterSetName = FromBridge)]
    [Parameter(ParameterSetName = FromPlugin)]
    [ValidateSet("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")]
    public string CniVersion { get; set; } = "1.0.0";

    /// <summary>A configuration list, or a single plugin's configuration, as text. Lines from a pipeline are one text.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromJson)]
    [AllowEmptyString]
    public string Json { get; set; } = "";

    /// <summary>A file with a configuration list, or a single plugin's configuration.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FromPath)]
    [Alias("PSPath")]
    public string Path { get; set; } = "";

    /// <summary>The file to write the network to, such as <c>/etc/cni/net.d/10-mybridge.conflist</c>.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Overwrites the file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private readonly StringBuilder _json = new();

    /// <inheritdoc/>
    protected override object? ErrorTarget => ParameterSetName == FromPath ? Path : Name;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        switch (ParameterSetName)
        {
            case FromJson: _json.AppendLine(Json); break; // the end of the text comes with the end of the pipeline
            case FromPath: Emit(NetworkConfigurationList.Load(ResolvePath(Path))); break;
            case FromPlugin: Emit(NetworkText.FromPlugins(Name, CniVersion, Plugin, DisableCheck)); break;
            default: Emit(NetworkText.Make(Describe().Write)); break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == FromJson)
        {
            Guard(() => Emit(NetworkConfigurationList.ParseAny(Encoding.UTF8.GetBytes(_json.ToString()))));
        }

        base.EndProcessing();
    }

    private BridgeNetwork Describe() => new()
    {
        Name = Name,
        CniVersion = CniVersion,
        Bridge = Bridge,
        Subnets = Subnet ?? [],
        Gateways = Gateway ?? [],
        RangeStarts = RangeStart ?? [],
        RangeEnds = RangeEnd ?? [],
        Routes = Route ?? [],
        Flags = Flags(),
        Mtu = IsBound(nameof(Mtu)) ? Mtu : null,
        DataDir = DataDir,
        ResolvConf = ResolvConf,
        Capabilities = Capability ?? [],
    };

    private List<string> Flags()
    {
        List<string> flags = [];
        foreach ((SwitchParameter isOn, string key) in new[]
        {
            (IsGateway, "isGateway"), (IsDefaultGateway, "isDefaultGateway"), (ForceAddress, "forceAddress"),
            (Masquerade, "ipMasq"), (HairpinMode, "hairpinMode"), (PromiscMode, "promiscMode"),
        })
        {
            if (isOn)
            {
                flags.Add(key);
            }
        }

        return flags;
    }

    private void Emit(NetworkConfigurationList list)
    {
        if (string.IsNullOrEmpty(OutFile))
        {
            WriteObject(new CniNetwork(list));
        }
        else if (Write(list, ResolvePath(OutFile)) is { } file)
        {
            WriteObject(new CniNetwork(list, path: file));
        }
    }

    private string? Write(NetworkConfigurationList list, string file)
    {
        CniNames.ValidateNetworkName(list.Name);
        FileWrite change = NetworkFile.Write(list, file);
        if (!ShouldProcess(change.Text, $"Write network {list.Name} to {file}?", "Confirm"))
        {
            return null;
        }

        if (File.Exists(file) && !Force)
        {
            throw NetworkFile.Exists(file);
        }

        using Machine.Loan machine = Machine.Borrow();
        NetworkFile.Apply(machine.Host, change);
        return file;
    }
}
