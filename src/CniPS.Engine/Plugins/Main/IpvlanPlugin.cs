using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// ipvlan: gives the container a link that shares the MAC address of a link of the host. Behind another plugin, without <c>ipam</c>, it takes
/// that one's link as its master and that one's addresses as its own.
/// </summary>
internal sealed class IpvlanPlugin : UpperLinkPlugin<IpvlanPlugin.Configuration>
{
    private static readonly PluginSchema s_schema = new(
        "ipvlan",
        [
            new(
                "master", "string", "the default route's link",
                "The link below, of the host. Behind another plugin its default is that plugin's one interface.", "0.1"),
            new("mode", "string", "\"l2\"", "What the link looks at: frames (l2), packets (l3), packets with the host's connection tracking (l3s).", "0.1"),
            new("mtu", "integer", "the master's", "The MTU, in bytes; at most the master's.", "0.1"),
            new("linkInContainer", "boolean", "false", "The master is in the container's namespace.", "1.3"),
        ]);

    public override string Type => "ipvlan";

    public override PluginSchema Schema => s_schema;

    protected override Configuration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        Configuration configuration = new()
        {
            Master = root.GetString("master") ?? "",
            LinkInContainer = root.GetBool("linkInContainer"),
            IsChained = call.Configuration.IpamType.Length == 0,
            Mode = LinkConfiguration.ReadWord(root, "mode", "ipvlan mode", ("l2", IpvlanMode.L2), ("l3", IpvlanMode.L3), ("l3s", IpvlanMode.L3s)),
            Mtu = LinkConfiguration.ReadMtu(root),
            Dns = ConfiguredDns.Read(root),
        };

        // In CHECK and DEL the result is that of the whole list, which says nothing of what stood before this plugin.
        return configuration.Master.Length == 0 && call.Request.Verb == CniVerb.Add && call.PreviousResult is { } result
            ? configuration with { Master = ChainedMaster(root, result) }
            : configuration;
    }

    protected override CniResult FindAddresses(PluginCall call, PluginContext context)
    {
        if (call.Configuration.IpamType.Length == 0 && call.PreviousResult is { Ips.Count: > 0 } previous)
        {
            return previous;
        }

        LinkConfiguration.RequireIpam(call, new PluginConfigReader(call.Configuration), "ipvlan needs \"ipam\", or addresses of the plugin before it");
        return base.FindAddresses(call, context);
    }

    protected override LinkSettings Settings(Configuration configuration) => new IpvlanSettings(configuration.Mode);

    protected override void Configure(ContainerInterface inside, Configuration configuration, AddressPlan plan)
    {
        inside.AnnounceNeighbours = true;
        base.Configure(inside, configuration, plan);
    }

    protected override void InspectSettings(LinkInspection inspection, Link link, Configuration configuration)
    {
        if (link.Settings is IpvlanSettings settings && settings.Mode != configuration.Mode)
        {
            string expected = Text(configuration.Mode), actual = Text(settings.Mode);
            inspection.Differ($"mode of {link.Name}", expected, actual, $"Container IPVlan mode {actual} does not match expected value: {expected}");
        }
    }

    protected override void RequireAvailable(PluginContext context, Configuration configuration)
    {
        // Behind another plugin the master is known at ADD only.
        if (!configuration.IsChained || configuration.Master.Length > 0)
        {
            base.RequireAvailable(context, configuration);
        }
    }

    private static string Text(IpvlanMode mode) => mode.ToString().ToLowerInvariant();

    private static string ChainedMaster(PluginConfigReader root, CniResult result) =>
        result.Interfaces is [{ Name.Length: > 0 } only]
            ? only.Name
            : throw root.Error("master", "chained master failure. PrevResult lacks a single named interface", "Name the link below in \"master\".");

    internal sealed record Configuration : UpperLinkConfiguration
    {
        internal IpvlanMode Mode { get; init; }

        /// <summary>Whether the addresses come from the plugin before it.</summary>
        internal bool IsChained { get; init; }
    }
}
