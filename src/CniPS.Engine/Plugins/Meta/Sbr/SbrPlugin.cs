using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// sbr: what is sent from an interface's address leaves by that interface (source based routing). It is chained behind the plugin that made it.
/// </summary>
internal sealed class SbrPlugin : ICniPlugin
{
    public string Type => "sbr";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => SbrSchema.Value;

    public void Validate(PluginCall call) => SbrConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        SbrConfiguration configuration = SbrConfiguration.Parse(call);
        CniResult result = RequireResult(call);
        IReadOnlyList<CniIPConfig> ips = IpsOf(call, result);
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        using (context.Host.LockNamespace(ns, exclusive: true, context.Cancellation))
        {
            if (configuration.Table is { } table)
            {
                context.Apply(Rules(ns, ips, table));
                return result;
            }

            Link link = context.Host.FindLink(ns, call.InterfaceName)
                ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"Cannot find network interface {call.InterfaceName}: Link not found")
                {
                    RecommendedAction = "Put sbr behind the plugin that makes the interface.",
                };
            SourceRoutes routes = new(context.Host, ns, link.Id, configuration, ips);
            IReadOnlyList<RouteEntry> main = routes.MainRoutes();
            context.Apply(routes.Tables());
            if (configuration.AddSourceHints)
            {
                Hint(context, routes);
            }

            context.Apply(routes.Removal(main));
            return result;
        }
    }

    // The tables' routes go with the interface.
    public void Delete(PluginCall call, PluginContext context)
    {
        SbrConfiguration configuration = SbrConfiguration.Parse(call);
        if (call.Request.NetNS.Length == 0 || context.TryOpenNamespace(call.Request.NetNS, out _) is not { } ns)
        {
            return;
        }

        HashSet<IPAddress> addresses = [];
        foreach (CniIPConfig ip in call.PreviousResult is { } result ? Select(call, result) : [])
        {
            addresses.Add(ip.Address!.Value.Address);
        }

        if (context.Host.FindLink(ns, call.InterfaceName) is { } link)
        {
            foreach (InterfaceAddress address in context.Host.GetAddresses(ns, link.Index))
            {
                addresses.Add(address.Address.Address);
            }
        }

        List<Change> changes = [];
        foreach (RuleEntry rule in context.Host.GetRules(ns))
        {
            if (addresses.Contains(rule.Source.Address) && rule.Source == SourceRoutes.HostOf(rule.Source.Address)
                && (configuration.Table is null || configuration.Table == rule.Table))
            {
                changes.Add(new RuleDelete(ns, rule));
            }
        }

        context.Apply(changes);
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        SbrConfiguration configuration = SbrConfiguration.Parse(call);
        IReadOnlyList<CniIPConfig> ips = IpsOf(call, RequireResult(call));
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        IReadOnlyList<RuleEntry> rules = context.Host.GetRules(ns);
        List<Difference> differences = [];
        foreach (CniIPConfig ip in ips)
        {
            IpPrefix source = SourceRoutes.HostOf(ip.Address!.Value.Address);
            RuleEntry? rule = null;
            foreach (RuleEntry other in rules)
            {
                rule = other.Source == source && (configuration.Table ?? other.Table) == other.Table ? other : rule;
            }

            if (rule is null)
            {
                // Which table was chosen is not known any more: with one of its own, only DEL and ADD mend it.
                differences.Add(new Difference($"rule for {source.Address}", $"from {source} table {configuration.Table?.ToString() ?? "of its own"}", null, $"no rule for what is sent from {source.Address}")
                {
                    Repair = configuration.Table is { } table ? [new RuleAdd(ns, new RuleEntry(source, table))] : [],
                });
            }
            else if (configuration.Table is null && context.Host.FindLink(ns, call.InterfaceName) is { } link)
            {
                differences.AddRange(CheckDefault(context.Host, ns, link, configuration, ip, rule.Table));
            }
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) => SbrConfiguration.Parse(call);

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        // All it makes is inside the container, and goes with it.
    }

    private static IEnumerable<Difference> CheckDefault(IHost host, NetworkNamespace ns, Link link, SbrConfiguration configuration, CniIPConfig ip, int table)
    {
        if (new SourceRoutes(host, ns, link.Id, configuration, [ip]).DefaultRoute(ip, table) is not { } wanted)
        {
            yield break;
        }

        RouteEntry? actual = null;
        foreach (RouteEntry route in host.GetRoutes(ns, link.Index))
        {
            actual = route.Table == table && route.Destination == wanted.Destination ? route : actual;
        }

        if (actual is null)
        {
            yield return new Difference($"route {wanted.Destination} of table {table}", $"via {wanted.Gateway}", null, $"no default route in table {table}, for what is sent from {ip.Address!.Value.Address}")
            {
                Repair = [new RouteAdd(ns, link.Id, wanted)],
            };
        }
    }

    private static void Hint(PluginContext context, SourceRoutes routes)
    {
        try
        {
            context.Apply(routes.Hints());
        }
        catch (ChangeException e)
        {
            context.Observer?.Warn($"sbr: {e.Message}");
        }
    }

    private static List<Change> Rules(NetworkNamespace ns, IReadOnlyList<CniIPConfig> ips, int table)
    {
        List<Change> changes = [];
        foreach (CniIPConfig ip in ips)
        {
            changes.Add(new RuleAdd(ns, new RuleEntry(SourceRoutes.HostOf(ip.Address!.Value.Address), table)));
        }

        return changes;
    }

    private static IReadOnlyList<CniIPConfig> IpsOf(PluginCall call, CniResult result) => result.Ips.Count > 0
        ? Select(call, result)
        : throw new CniException(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, $"No IP addresses supplied on interface: {call.InterfaceName}")
        {
            RecommendedAction = "Put sbr behind a plugin that gives addresses.",
        };

    // Those of the interface, and those of none in particular.
    private static List<CniIPConfig> Select(PluginCall call, CniResult result)
    {
        List<CniIPConfig> ips = [];
        foreach (CniIPConfig ip in result.Ips)
        {
            bool isAnothers = ip.Interface is { } index && index >= 0 && index < result.Interfaces.Count && result.Interfaces[index].Name != call.InterfaceName;
            if (ip.Address is not null && !isAnothers)
            {
                ips.Add(ip);
            }
        }

        return ips;
    }

    private static CniResult RequireResult(PluginCall call) => call.RequirePreviousResult(
        "This plugin must be called as chained plugin",
        "Put sbr behind the plugin that makes the interface; CHECK needs the result of ADD, from the same runtime and cache.");
}
