using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>vlan: gives the container a link whose frames carry a VLAN tag on a link of the host.</summary>
internal sealed class VlanPlugin : UpperLinkPlugin<VlanPlugin.Configuration>
{
    private const int HighestId = 4094;

    private static readonly PluginSchema s_schema = new(
        "vlan",
        [
            new("master", "string", null, "The link below, of the host. It must be named.", "0.1"),
            new("vlanId", "integer", "0", "The VLAN, 0 to 4094.", "0.1"),
            new("mtu", "integer", "the master's", "The MTU, in bytes; at most the master's.", "0.1"),
            new("linkInContainer", "boolean", "false", "The master is in the container's namespace.", "1.3"),
        ]);

    public override string Type => "vlan";

    public override PluginSchema Schema => s_schema;

    protected override Configuration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        string master = root.GetString("master") ?? "";
        if (master.Length == 0)
        {
            root.Report("master", "\"master\" field is required. It specifies the host interface name to create the VLAN for", "Name the link below.");
        }

        int id = root.GetInt("vlanId") ?? 0;
        if (id is < 0 or > HighestId)
        {
            root.Report("vlanId", $"invalid VLAN ID {id} (must be between 0 and {HighestId})");
        }

        LinkConfiguration.RequireIpam(call, root, "vlan needs \"ipam\"");
        return new Configuration
        {
            Master = master,
            VlanId = id,
            LinkInContainer = root.GetBool("linkInContainer"),
            Mtu = LinkConfiguration.ReadMtu(root),
            Dns = ConfiguredDns.Read(root),
        };
    }

    protected override LinkSettings Settings(Configuration configuration) => new VlanSettings(configuration.VlanId);

    protected override void InspectSettings(LinkInspection inspection, Link link, Configuration configuration)
    {
        if (link.Settings is VlanSettings { Id: int id } && id != configuration.VlanId)
        {
            inspection.Differ(
                $"VLAN of {link.Name}", $"{configuration.VlanId}", $"{id}", $"Interface {link.Name} is in VLAN {id}, not {configuration.VlanId}");
        }
    }

    internal sealed record Configuration : UpperLinkConfiguration
    {
        internal int VlanId { get; init; }
    }
}
