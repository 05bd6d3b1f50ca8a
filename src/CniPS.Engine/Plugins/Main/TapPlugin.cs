using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>tap: gives the container a link whose other end is a program, such as a virtual machine.</summary>
internal sealed class TapPlugin : LinkPlugin<TapPlugin.Configuration>
{
    private static readonly PluginSchema s_schema = new(
        "tap",
        [
            new("multiQueue", "boolean", "false", "Several may have the link open at once, each with a queue of its own.", "1.3"),
            new("mtu", "integer", "1500", "The MTU, in bytes.", "1.3"),
            new("mac", "MAC address", "the kernel's choice", "The interface's address; CNI_ARGS MAC and runtimeConfig.mac go before it.", "1.3"),
            new("owner", "integer", "nobody", "The id of the user who may open the link.", "1.3"),
            new("group", "integer", "nobody", "The id of the group that may open the link.", "1.3"),
            new("selinuxContext", "string", "the plugin's own", "The SELinux context the link is made in; needs runcon and ip.", "1.3"),
            new("bridge", "string", null, "A bridge inside the container's namespace that the link becomes a port of.", "1.3"),
            new("runtimeConfig.mac", "MAC address", null, "The interface's address (capability mac).", "1.3"),
        ]);

    public override string Type => "tap";

    public override PluginSchema Schema => s_schema;

    protected override Configuration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        return new Configuration
        {
            Settings = new TunSettings(IsTap: true, ReadId(root, "owner"), ReadId(root, "group"), root.GetBool("multiQueue")),
            Mac = LinkConfiguration.ReadMac(call, root),
            Mtu = LinkConfiguration.ReadMtu(root),
            SelinuxContext = root.GetString("selinuxContext") is { Length: > 0 } context ? context : null,
            Bridge = root.GetString("bridge") ?? "",
            Dns = ConfiguredDns.Read(root),
        };
    }

    protected override Link Make(ContainerLink place, Configuration configuration)
    {
        LinkId? bridge = configuration.Bridge.Length > 0 ? FindBridge(place, configuration.Bridge).Id : null;
        return place.Make(
            name => new TapAdd(place.Namespace, name, configuration.Settings) { SelinuxContext = configuration.SelinuxContext },
            rename => rename with
            {
                Mac = configuration.Mac,
                Mtu = configuration.Mtu > 0 ? configuration.Mtu : null,
                Master = bridge,
            });
    }

    protected override void Inspect(LinkInspection inspection, Configuration configuration)
    {
        if (inspection.Find(configuration.Settings.Kind) is not { } link)
        {
            return;
        }

        if (link.Settings is TunSettings settings)
        {
            CheckSettings(inspection, link, settings, configuration.Settings);
        }

        if (configuration.Bridge.Length > 0)
        {
            CheckBridge(inspection, link, configuration.Bridge);
        }

        inspection.CheckMtu(link, configuration.Mtu);
        inspection.CheckUp(link);
        inspection.CheckAddressesAndRoutes(link);
    }

    // Who may open it is whoever made it to say, where the configuration doesn't.
    private static void CheckSettings(LinkInspection inspection, Link link, TunSettings settings, TunSettings configured)
    {
        TunSettings wanted = configured with { Owner = configured.Owner ?? settings.Owner, Group = configured.Group ?? settings.Group };
        if (settings != wanted)
        {
            inspection.Differ(
                $"settings of {link.Name}", wanted.Text, settings.Text, $"Interface {link.Name} is a tun/tap link with {settings.Text}, not {wanted.Text}");
        }
    }

    private static void CheckBridge(LinkInspection inspection, Link link, string name)
    {
        Link? bridge = inspection.Context.Host.FindLink(inspection.Container, name);
        if (bridge is null || link.Master != bridge.Index)
        {
            inspection.Differ(
                $"bridge of {link.Name}", name, inspection.Context.Host.FindLink(inspection.Container, link.Master)?.Name,
                $"Interface {link.Name} is no port of bridge {name}",
                bridge is null ? [] : [new LinkSet(inspection.Container, link.Id) { Master = bridge.Id }]);
        }
    }

    private static Link FindBridge(ContainerLink place, string name) => place.Context.Host.FindLink(place.Namespace, name) switch
    {
        { Kind: "bridge" } bridge => bridge,
        null => throw new CniException(CniErrorIds.LinkNotFound, CniErrorCode.Internal, $"failed to get bridge {name}: no such link in the container")
        {
            Target = name,
            RecommendedAction = "\"bridge\" names a bridge inside the container's namespace: make it first.",
        },
        { } other => throw new CniException(
            CniErrorIds.BridgeConflict, CniErrorCode.Internal, $"\"{name}\" in the container is no bridge, but {other.Kind ?? "hardware"}")
        {
            Target = name,
            RecommendedAction = "\"bridge\" names a bridge inside the container's namespace.",
        },
    };

    // The highest one means nobody.
    private static uint? ReadId(PluginConfigReader root, string key) => LinkConfiguration.ReadUnsigned(root, key, uint.MaxValue - 1);

    internal sealed record Configuration : LinkConfiguration
    {
        internal required TunSettings Settings { get; init; }

        internal MacAddress? Mac { get; init; }

        internal string? SelinuxContext { get; init; }

        internal string Bridge { get; init; } = "";
    }
}
