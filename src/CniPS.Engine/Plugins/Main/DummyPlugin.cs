using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>dummy: gives the container a link that sends nothing anywhere, to carry addresses.</summary>
internal sealed class DummyPlugin : LinkPlugin<DummyPlugin.Configuration>
{
    private static readonly PluginSchema s_schema = new("dummy", []);

    public override string Type => "dummy";

    public override PluginSchema Schema => s_schema;

    protected override Configuration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        LinkConfiguration.RequireIpam(call, root, "dummy interface requires an IPAM configuration");
        return new Configuration { Dns = ConfiguredDns.Read(root) };
    }

    protected override Link Make(ContainerLink place, Configuration configuration) =>
        place.Make(name => new LinkAdd(place.Namespace, name, new DummySettings()));

    protected override void Inspect(LinkInspection inspection, Configuration configuration)
    {
        if (inspection.Find("dummy") is { } link)
        {
            inspection.CheckUp(link);
            inspection.CheckAddressesAndRoutes(link);
        }
    }

    internal sealed record Configuration : LinkConfiguration;
}
