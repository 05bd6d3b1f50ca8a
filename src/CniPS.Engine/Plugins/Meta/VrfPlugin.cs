using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>vrf: puts the interface of the plugin before it into a VRF of the container, which is made where it is missing.</summary>
internal sealed class VrfPlugin : ICniPlugin
{
    private static readonly PluginSchema s_schema = new(
        "vrf",
        [
            new("vrfname", "string", null, "The VRF's name. It must be given.", "0.9"),
            new("table", "integer", "the first free one", "The VRF's routing table.", "0.9"),
        ]);

    public string Type => "vrf";

    public IReadOnlyList<string> SupportedVersions { get; } = ["0.3.1", "0.4.0", "1.0.0", "1.1.0"];

    public PluginSchema Schema => s_schema;

    public void Validate(PluginCall call) => VrfConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        VrfConfiguration configuration = VrfConfiguration.Parse(call);
        CniResult result = RequireResult(call);
        NetworkNamespace container = context.OpenNamespace(call.Request.NetNS);
        Link link = context.Host.FindLink(container, call.InterfaceName) ?? throw new CniException(
            CniErrorIds.LinkNotFound, CniErrorCode.Internal, $"could not get link by name {call.InterfaceName}")
        {
            Target = call.InterfaceName,
            RecommendedAction = "vrf stands behind a plugin that makes the interface.",
        };
        if (link.Master != 0)
        {
            string master = context.Host.FindLink(container, link.Master)?.Name ?? $"{link.Master}";
            throw new CniException(
                CniErrorIds.InterfaceExists, CniErrorCode.Internal, $"interface {link.Name} has already a master set: {master}") { Target = master };
        }

        // No DEL of another interface takes the VRF away in between.
        using (context.Host.LockNamespace(context.Host.Namespace, exclusive: true, context.Cancellation))
        {
            ContainerVrf vrf = new(call, context, container, configuration);
            vrf.Enslave(link, vrf.FindOrMake());
        }

        return result;
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        VrfConfiguration configuration = VrfConfiguration.Parse(call);
        IHost host = context.Host;
        if (Main.ContainerLink.TryOpen(call, context) is not { } container)
        {
            return; // it took the VRF with it
        }

        using (host.LockNamespace(host.Namespace, exclusive: true, context.Cancellation))
        {
            Link? link = host.FindLink(container, call.InterfaceName);
            if (FindVrf(context, container, configuration, link) is not { } vrf)
            {
                return;
            }

            if (link is not null && link.Master == vrf.Index)
            {
                context.Apply(new LinkSet(container, link.Id) { Master = default(LinkId) });
            }

            // What a killed ADD had made is written down elsewhere.
            if (!context.OnlyOwn)
            {
                context.Apply(SharedVrf.RemovalIfUnused(host, container, vrf.Name));
            }
        }
    }

    // The one that the interface is in, whatever the configuration says by now; where it is in none, the one that is named.
    private static Link? FindVrf(PluginContext context, NetworkNamespace container, VrfConfiguration configuration, Link? link)
    {
        if (!context.OnlyOwn && link is { Master: not 0 } && context.Host.FindLink(container, link.Master) is { Kind: "vrf" } present)
        {
            return present;
        }

        return configuration.Name.Length > 0 && context.Host.FindLink(container, configuration.Name) is { Kind: "vrf" } named ? named : null;
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        VrfConfiguration configuration = VrfConfiguration.Parse(call);
        RequireResult(call);
        NetworkNamespace container = context.OpenNamespace(call.Request.NetNS);
        Link? vrf = context.Host.FindLink(container, configuration.Name);
        if (vrf is not { Settings: VrfSettings settings })
        {
            return [new Difference($"VRF {configuration.Name}", "a VRF", vrf?.Kind, $"VRF {configuration.Name} not found")];
        }

        List<Difference> differences = [];
        if (configuration.Table != 0 && settings.Table != configuration.Table)
        {
            differences.Add(new Difference(
                $"table of {vrf.Name}", $"{configuration.Table}", $"{settings.Table}",
                $"VRF {vrf.Name} already exist with different routing table {settings.Table}"));
        }

        if (!vrf.IsUp)
        {
            differences.Add(new Difference($"VRF {vrf.Name}", "up", "down", $"VRF {vrf.Name} is down")
            {
                Repair = [new LinkSet(container, vrf.Id) { Up = true }],
            });
        }

        Link? link = context.Host.FindLink(container, call.InterfaceName);
        if (link?.Master != vrf.Index)
        {
            differences.Add(new Difference(
                $"VRF of {call.InterfaceName}", vrf.Name, link is null ? null : context.Host.FindLink(container, link.Master)?.Name,
                $"failed to find {call.InterfaceName} associated to vrf {vrf.Name}"));
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) => VrfConfiguration.Parse(call);

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        // A VRF goes with the container's namespace.
    }

    private static CniResult RequireResult(PluginCall call) =>
        call.RequirePreviousResult("missing prevResult from earlier plugin", "vrf stands behind a plugin that makes the interface.");
}
