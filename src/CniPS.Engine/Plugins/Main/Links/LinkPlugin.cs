using System;
using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// A plugin that gives the container one link, made for it or taken from the host: what macvlan, ipvlan, vlan, dummy, tap and host-device have
/// in common. The address comes before the link's configuration and goes after the link, so that it is never free while in use.
/// </summary>
/// <typeparam name="TConfiguration">The plugin's configuration, complete and checked.</typeparam>
internal abstract class LinkPlugin<TConfiguration> : ICniPlugin
    where TConfiguration : LinkConfiguration
{
    public abstract string Type { get; }

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public abstract PluginSchema Schema { get; }

    public void Validate(PluginCall call) => Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        TConfiguration configuration = Parse(call);
        ContainerLink place = new(call, context);
        Link? link = Make(place, configuration);
        CniResult ipam = FindAddresses(call, context);
        AddressPlan plan = AddressPlan.Create(ipam, isGateway: false, isDefaultGateway: false);
        if (link is not null)
        {
            Configure(new ContainerInterface(context, place.Namespace, link.Id), configuration, plan);
        }

        return new CniResult
        {
            Interfaces = [new CniInterface { Name = call.InterfaceName, Mac = link?.Mac?.ToString(), Sandbox = call.Request.NetNS }],
            Ips = [.. OnThisInterface(plan.Addresses)],
            Routes = plan.Routes,
            Dns = configuration.Dns ?? ipam.Dns,
        };
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        TConfiguration configuration = Parse(call);
        List<Exception> failures = [];
        IpamDelegate.Release(context, call, failures, () => Remove(call, context, configuration));
        Failures.Throw(failures, Type, "DEL");
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        TConfiguration configuration = Parse(call);
        if (call.Configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }

        LinkInspection inspection = new(call, context);
        Inspect(inspection, configuration);
        return inspection.Differences;
    }

    public void Status(PluginCall call, PluginContext context)
    {
        TConfiguration configuration = Parse(call);
        if (call.Configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }

        try
        {
            RequireAvailable(context, configuration);
        }
        catch (CniException e) when (e.ErrorId == CniErrorIds.LinkNotFound)
        {
            throw new CniException(e.ErrorId, CniErrorCode.PluginNotAvailable, e.Msg, e.Details, e)
            {
                Target = e.Target,
                RecommendedAction = e.RecommendedAction,
            };
        }
    }

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        TConfiguration configuration = Parse(call);
        if (call.Configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }

        Collect(context, configuration);
    }

    /// <summary>Reads the configuration; it looks at nothing else.</summary>
    protected abstract TConfiguration Parse(PluginCall call);

    /// <summary>Gives the container its link; null where there is none to configure.</summary>
    protected abstract Link? Make(ContainerLink place, TConfiguration configuration);

    /// <summary>Where the addresses come from: IPAM, or nowhere.</summary>
    protected virtual CniResult FindAddresses(PluginCall call, PluginContext context) =>
        call.Configuration.IpamType.Length > 0 ? IpamDelegate.Ask(context, call) : new CniResult();

    /// <summary>Gives the link its addresses and routes, and sets it up.</summary>
    protected virtual void Configure(ContainerInterface inside, TConfiguration configuration, AddressPlan plan)
    {
        if (plan.Addresses.Count == 0)
        {
            inside.SetUp();
            return;
        }

        inside.Configure(plan, detectDuplicates: null);
        inside.WaitForAddresses(plan);
    }

    /// <summary>Takes the link away; none is no error.</summary>
    protected virtual void Remove(PluginCall call, PluginContext context, TConfiguration configuration) => ContainerLink.Remove(call, context);

    /// <summary>Looks at the link.</summary>
    protected abstract void Inspect(LinkInspection inspection, TConfiguration configuration);

    /// <summary>Throws <see cref="CniErrorIds.LinkNotFound"/> where ADD would find no link to build on.</summary>
    protected virtual void RequireAvailable(PluginContext context, TConfiguration configuration)
    {
        // Most need nothing of the host.
    }

    /// <summary>Takes away what a container left that went without DEL.</summary>
    protected virtual void Collect(PluginContext context, TConfiguration configuration)
    {
        // A link goes with its namespace.
    }

    private static IEnumerable<CniIPConfig> OnThisInterface(IReadOnlyList<CniIPConfig> addresses)
    {
        foreach (CniIPConfig ip in addresses)
        {
            yield return ip with { Interface = 0 };
        }
    }
}
