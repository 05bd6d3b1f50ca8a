using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>A plugin whose link stands on another, its master: macvlan, ipvlan, vlan.</summary>
/// <typeparam name="TConfiguration">The plugin's configuration.</typeparam>
internal abstract class UpperLinkPlugin<TConfiguration> : LinkPlugin<TConfiguration>
    where TConfiguration : UpperLinkConfiguration
{
    /// <summary>The link's kind and what that kind has.</summary>
    protected abstract LinkSettings Settings(TConfiguration configuration);

    /// <summary>The link-layer address asked for.</summary>
    protected virtual MacAddress? Mac(TConfiguration configuration) => null;

    protected override Link Make(ContainerLink place, TConfiguration configuration)
    {
        NetworkNamespace ground = configuration.Ground(place.Context, place.Namespace);
        Link master = configuration.FindMaster(place.Context, ground);
        configuration.CheckMtu(place.Call, master);
        return place.Make(name => new LinkAdd(ground, name, Settings(configuration))
        {
            Lower = master.Id,
            Target = configuration.LinkInContainer ? null : place.Namespace,
            Mtu = configuration.Mtu,
            Mac = Mac(configuration),
        });
    }

    protected override void Inspect(LinkInspection inspection, TConfiguration configuration)
    {
        Link? master = CheckMaster(inspection, configuration);
        LinkSettings expected = Settings(configuration);
        if (inspection.Find(expected.Kind) is not { } link)
        {
            return;
        }

        if (master is not null && link.Peer != master.Index)
        {
            inspection.Differ($"master of {link.Name}", master.Name, NameOf(inspection, configuration, link), $"Interface {link.Name} is not on {master.Name}");
        }

        InspectSettings(inspection, link, configuration);
        inspection.CheckMtu(link, configuration.Mtu);
        inspection.CheckUp(link);
        inspection.CheckAddressesAndRoutes(link);
    }

    /// <summary>Compares what the kind has.</summary>
    protected abstract void InspectSettings(LinkInspection inspection, Link link, TConfiguration configuration);

    protected override void RequireAvailable(PluginContext context, TConfiguration configuration)
    {
        if (!configuration.LinkInContainer)
        {
            configuration.FindMaster(context, context.Host.Namespace);
        }
    }

    // One that isn't named may have been another at the time of ADD.
    private static Link? CheckMaster(LinkInspection inspection, TConfiguration configuration)
    {
        if (configuration.Master.Length == 0)
        {
            return null;
        }

        try
        {
            return configuration.FindMaster(inspection.Context, configuration.Ground(inspection.Context, inspection.Container));
        }
        catch (CniException e) when (e.ErrorId == CniErrorIds.LinkNotFound)
        {
            inspection.Differ($"master {configuration.Master}", "a link", null, e.Msg);
            return null;
        }
    }

    private static string? NameOf(LinkInspection inspection, TConfiguration configuration, Link link) =>
        inspection.Context.Host.FindLink(configuration.Ground(inspection.Context, inspection.Container), link.Peer)?.Name;
}
