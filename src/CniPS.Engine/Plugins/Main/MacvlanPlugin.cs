using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>macvlan: gives the container a link with a MAC address of its own on top of a link of the host.</summary>
internal sealed class MacvlanPlugin : UpperLinkPlugin<MacvlanPlugin.Configuration>
{
    private static readonly PluginSchema s_schema = new(
        "macvlan",
        [
            new("master", "string", "the default route's link", "The link below, of the host.", "0.1"),
            new("mode", "string", "\"bridge\"", "How containers on the same master reach one another: bridge, private, vepa or passthru.", "0.1"),
            new("mtu", "integer", "the master's", "The MTU, in bytes; at most the master's.", "0.1"),
            new("mac", "MAC address", "the kernel's choice", "The interface's address; CNI_ARGS MAC and runtimeConfig.mac go before it.", "0.9"),
            new("linkInContainer", "boolean", "false", "The master is in the container's namespace.", "1.3"),
            new("bcqueuelen", "integer", "1000", "How many broadcast and multicast packets may wait on the master.", "1.6"),
            new("runtimeConfig.mac", "MAC address", null, "The interface's address (capability mac).", "0.9"),
        ]);

    public override string Type => "macvlan";

    public override PluginSchema Schema => s_schema;

    protected override Configuration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        return new Configuration
        {
            Master = root.GetString("master") ?? "",
            LinkInContainer = root.GetBool("linkInContainer"),
            Mode = LinkConfiguration.ReadWord(
                root, "mode", "macvlan mode",
                ("bridge", MacvlanMode.Bridge), ("private", MacvlanMode.Private), ("vepa", MacvlanMode.Vepa), ("passthru", MacvlanMode.Passthru)),
            BroadcastQueueLength = LinkConfiguration.ReadUnsigned(root, "bcqueuelen") ?? 0,
            Mtu = LinkConfiguration.ReadMtu(root),
            Mac = LinkConfiguration.ReadMac(call, root),
            Dns = ConfiguredDns.Read(root),
        };
    }

    protected override LinkSettings Settings(Configuration configuration) =>
        new MacvlanSettings(configuration.Mode, configuration.BroadcastQueueLength);

    protected override MacAddress? Mac(Configuration configuration) => configuration.Mac;

    protected override void Configure(ContainerInterface inside, Configuration configuration, AddressPlan plan)
    {
        inside.AnnounceNeighbours = true;
        base.Configure(inside, configuration, plan);
    }

    protected override void InspectSettings(LinkInspection inspection, Link link, Configuration configuration)
    {
        if (link.Settings is not MacvlanSettings settings)
        {
            return;
        }

        if (settings.Mode != configuration.Mode)
        {
            string expected = Text(configuration.Mode), actual = Text(settings.Mode);
            inspection.Differ($"mode of {link.Name}", expected, actual, $"container macvlan mode {actual} does not match expected value: {expected}");
        }

        if (configuration.BroadcastQueueLength > 0 && settings.BroadcastQueueLength != configuration.BroadcastQueueLength)
        {
            inspection.Differ(
                $"broadcast queue of {link.Name}", $"{configuration.BroadcastQueueLength}", $"{settings.BroadcastQueueLength}",
                $"Interface {link.Name} asks for a broadcast queue of {settings.BroadcastQueueLength} packets, not {configuration.BroadcastQueueLength}");
        }
    }

    private static string Text(MacvlanMode mode) => mode.ToString().ToLowerInvariant();

    internal sealed record Configuration : UpperLinkConfiguration
    {
        internal MacvlanMode Mode { get; init; }

        internal uint BroadcastQueueLength { get; init; }

        internal MacAddress? Mac { get; init; }
    }
}
