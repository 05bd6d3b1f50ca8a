using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>firewall: lets what containers send, and the answers, through the host's firewall. It is chained behind a plugin that gives addresses.</summary>
internal sealed class FirewallPlugin : ICniPlugin, IConvertsRules
{
    public string Type => "firewall";

    public IReadOnlyList<string> SupportedVersions { get; } = ["0.4.0", "1.0.0", CniVersion.Current];

    public PluginSchema Schema => FirewallSchema.Value;

    public CniResult Add(PluginCall call, PluginContext context)
    {
        FirewallConfiguration configuration = call.Parse(FirewallConfiguration.Parse);
        CniResult result = RequireResult(call);
        FirewallTargets targets = FirewallTargets.Of(result, configuration);
        foreach (IFirewallBackend backend in BackendsOf(call, context, configuration, targets))
        {
            backend.Add(targets);
        }

        return result;
    }

    // Whatever backend made them: those that have nothing cost next to nothing.
    public void Delete(PluginCall call, PluginContext context)
    {
        FirewallConfiguration configuration = call.Parse(FirewallConfiguration.Parse);
        FirewallTargets targets = FirewallTargets.Left(call, context);
        List<Exception> failures = [];
        foreach (IFirewallBackend backend in All(call, context, configuration))
        {
            Failures.Try(failures, () => backend.Remove(targets));
        }

        Failures.Throw(failures, Type, "DEL");
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        FirewallConfiguration configuration = call.Parse(FirewallConfiguration.Parse);
        FirewallTargets targets = FirewallTargets.Of(RequireResult(call), configuration);
        List<Difference> differences = [];
        foreach (IFirewallBackend backend in BackendsOf(call, context, configuration, targets))
        {
            differences.AddRange(backend.Check(targets));
        }

        // What another backend has made, by a configuration before this one or as a Go plugin, is as good.
        foreach (IFirewallBackend other in differences.Count == 0 || (targets.Bridge is not null && configuration.Backend == "firewalld") ? [] : All(call, context, configuration))
        {
            if (other.Has(targets) && other.Check(targets).Count == 0 && (targets.Bridge is null || other is not FirewalldFirewall))
            {
                return [];
            }
        }

        return differences;
    }

    public string BackendKey => "backend";

    // What firewalld has stays there, with the policy's rules that come besides: the Go plugin takes both away, too.
    public bool HasRules(PluginCall call, PluginContext context)
    {
        if (call.PreviousResult is null)
        {
            return false;
        }

        FirewallTargets targets = TargetsOf(call);
        return !new FirewalldFirewall(context, call.Parse(FirewallConfiguration.Parse)).Has(targets)
            && Array.Exists(Convertible(call, context), backend => backend.Has(targets));
    }

    public IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to)
    {
        FirewallTargets targets = TargetsOf(call);
        List<Change> removal = [];
        foreach (IFirewallBackend backend in Convertible(call, context))
        {
            if (backend is IptablesFirewall == (to == RuleBackend.Iptables))
            {
                backend.Add(targets);
            }
            else
            {
                removal.AddRange(backend.Removal(targets));
            }
        }

        return removal;
    }

    private static FirewallTargets TargetsOf(PluginCall call) => FirewallTargets.Of(RequireResult(call), call.Parse(FirewallConfiguration.Parse));

    private static IFirewallBackend[] Convertible(PluginCall call, PluginContext context) =>
        Array.FindAll(All(call, context, call.Parse(FirewallConfiguration.Parse)), backend => backend is not FirewalldFirewall);

    public void Status(PluginCall call, PluginContext context)
    {
        FirewallConfiguration configuration = call.Parse(FirewallConfiguration.Parse);
        foreach (IFirewallBackend backend in BackendsOf(call, context, configuration, new FirewallTargets([], null)))
        {
            backend.RequireUsable();
            if (backend is NftablesFirewall && ForwardPolicy.FindDropping(context.Host) is { } program)
            {
                throw Dropped(program);
            }
        }
    }

    /// <summary>The error for what is accepted in vain.</summary>
    /// <param name="program">The program whose FORWARD drops it.</param>
    internal static CniException Dropped(string program) => new(
        CniErrorIds.ForwardingDropped,
        CniErrorCode.LimitedConnectivity,
        $"{program}'s FORWARD drops what is forwarded (its policy is DROP, and no rule accepts): what nftables accepts for containers is dropped there all the same")
    {
        PluginType = "firewall",
        Target = "FORWARD",
        RecommendedAction = $"Use \"backend\": \"iptables\", or let it through: {program} -P FORWARD ACCEPT.",
    };

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        List<Exception> failures = [];
        foreach (IFirewallBackend backend in All(call, context, call.Parse(FirewallConfiguration.Parse)))
        {
            Failures.Try(failures, () => backend.RemoveInvalid(valid));
        }

        Failures.Throw(failures, Type, "GC");
    }

    public void Validate(PluginCall call) => call.Parse(FirewallConfiguration.Parse);

    private static IFirewallBackend[] All(PluginCall call, PluginContext context, FirewallConfiguration configuration) =>
        [new NftablesFirewall(context, call, configuration), new IptablesFirewall(context, configuration), new FirewalldFirewall(context, configuration)];

    // firewalld knows nothing of bridges that are cut off from each other: what does comes besides.
    private static IEnumerable<IFirewallBackend> BackendsOf(PluginCall call, PluginContext context, FirewallConfiguration configuration, FirewallTargets targets)
    {
        string name = configuration.Backend is "firewalld" or "iptables" or "nftables" ? configuration.Backend : Choose(context, configuration);
        if (name == "firewalld")
        {
            yield return new FirewalldFirewall(context, configuration);
            if (targets.Bridge is null)
            {
                yield break;
            }

            name = Unforced(context);
        }

        yield return name == "iptables" ? new IptablesFirewall(context, configuration) : new NftablesFirewall(context, call, configuration);
    }

    private static string Choose(PluginContext context, FirewallConfiguration configuration)
    {
        string chosen = context.Host.Firewalld.IsRunning ? "firewalld" : Unforced(context);
        if (configuration.Backend.Length > 0)
        {
            context.Observer?.Warn($"firewall: unknown backend \"{configuration.Backend}\": {chosen} is used");
        }

        return chosen;
    }

    private static string Unforced(PluginContext context) => context.Backend?.Word() ?? (HasIptables(context.Host) ? "iptables" : "nftables");

    private static bool HasIptables(IHost host)
    {
        IIptablesView view = host.Iptables(host.Namespace);
        return view.IsAvailable(v6: false) && view.IsAvailable(v6: true);
    }

    private static CniResult RequireResult(PluginCall call) => call.RequirePreviousResult(
        "missing prevResult from earlier plugin",
        "Put firewall behind a plugin that gives addresses; CHECK needs the result of ADD, from the same runtime and cache.");
}
