using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>portmap: ports of the host lead into the container. It is chained behind a plugin that gives addresses.</summary>
internal sealed class PortmapPlugin : ICniPlugin, IConvertsRules
{
    private const string Placement = "Put portmap behind a plugin that gives addresses; CHECK needs the result of ADD, from the same runtime and cache.";

    public string Type => "portmap";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => PortmapSchema.Value;

    public CniResult Add(PluginCall call, PluginContext context)
    {
        PortmapConfiguration configuration = call.Parse(PortmapConfiguration.Parse);
        CniResult result = call.RequirePreviousResult("must be called as chained plugin", Placement);
        PortmapTargets targets = PortmapTargets.Of(call, configuration);
        if (targets.Ports.Count > 0)
        {
            BackendOf(call, context, configuration).Add(targets);
            Forget(context, targets);
            if (configuration.Snat && Localnet(call, context, targets) is { } localnet)
            {
                context.Apply(localnet);
            }
        }

        return result;
    }

    // Whatever backend made them, and though it was the Go plugin's: both are looked into, which costs no program where there is nothing.
    public void Delete(PluginCall call, PluginContext context)
    {
        PortmapConfiguration configuration = call.Parse(PortmapConfiguration.Parse);
        PortmapTargets targets = PortmapTargets.Of(call, configuration);
        List<Exception> failures = [];
        foreach (IPortBackend backend in Backends(call, context, configuration))
        {
            Try(failures, () => backend.Remove(targets));
        }

        Forget(context, targets);
        Failures.Throw(failures, Type, "DEL");
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        PortmapConfiguration configuration = call.Parse(PortmapConfiguration.Parse);
        call.RequirePreviousResult(action: Placement);
        PortmapTargets targets = PortmapTargets.Of(call, configuration);
        List<Difference> differences = [.. CheckPorts(call, context, configuration, targets)];
        if (configuration.Snat && Localnet(call, context, targets) is { } localnet)
        {
            string? value = context.Host.ReadSysctl(localnet.Namespace, localnet.Name);
            differences.Add(new Difference(localnet.Name, "1", value, $"127.0.0.1 does not lead to the container: {localnet.Name} is {value}") { Repair = [localnet] });
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) => BackendOf(call, context, call.Parse(PortmapConfiguration.Parse)).RequireUsable();

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        List<Exception> failures = [];
        foreach (IPortBackend backend in Backends(call, context, call.Parse(PortmapConfiguration.Parse)))
        {
            Try(failures, () => backend.RemoveInvalid(valid));
        }

        Failures.Throw(failures, Type, "GC");
    }

    public void Validate(PluginCall call) => call.Parse(PortmapConfiguration.Parse);

    public string BackendKey => "backend";

    public bool HasRules(PluginCall call, PluginContext context)
    {
        PortmapConfiguration configuration = call.Parse(PortmapConfiguration.Parse);
        PortmapTargets targets = PortmapTargets.Of(call, configuration);
        return targets.Ports.Count > 0
            && (Array.Exists(Backends(call, context, configuration), backend => backend.Has(targets)) || GoRules(context, call).Count > 0);
    }

    public IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to)
    {
        PortmapConfiguration configuration = call.Parse(PortmapConfiguration.Parse);
        PortmapTargets targets = PortmapTargets.Of(call, configuration);
        List<Change> removal = GoRules(context, call);
        foreach (IPortBackend backend in Backends(call, context, configuration))
        {
            if (backend is IptablesPorts == (to == RuleBackend.Iptables))
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

    // What another backend has made, by a configuration before this one or as a Go plugin, is as good: whole, or to be mended where it is.
    private static IReadOnlyList<Difference> CheckPorts(PluginCall call, PluginContext context, PortmapConfiguration configuration, PortmapTargets targets)
    {
        IPortBackend chosen = BackendOf(call, context, configuration);
        IReadOnlyList<Difference> differences = chosen.Check(targets);
        if (differences.Count == 0)
        {
            return differences;
        }

        bool isChosenUsed = chosen.Has(targets);
        foreach (IPortBackend other in Backends(call, context, configuration))
        {
            if (other.GetType() != chosen.GetType() && other.Has(targets) && other.Check(targets) is var others && (others.Count == 0 || !isChosenUsed))
            {
                return others;
            }
        }

        return isChosenUsed || GoRules(context, call).Count == 0 ? differences : CheckGoRules(context, call, targets);
    }

    // What the newer Go plugins' nftables backend made: each port of the container that is asked for must be led to.
    private static List<Difference> CheckGoRules(PluginContext context, PluginCall call, PortmapTargets targets)
    {
        HashSet<IPEndPoint> led = GoNftablesPorts.Targets(context.Host, call.ContainerId);
        List<Difference> differences = [];
        foreach (ForwardedPort port in targets.Ports)
        {
            IPEndPoint target = new(port.Address, port.Port);
            if (!led.Contains(target))
            {
                differences.Add(new Difference(
                    $"host port {PortTaken.Describe(port)}", target.ToString(), null,
                    $"missing hostport rules: host port {PortTaken.Describe(port)} leads nowhere in table cni_hostport"));
            }
        }

        return differences;
    }

    private static List<Change> GoRules(PluginContext context, PluginCall call) => GoNftablesPorts.Removal(
        context.Host, call.ContainerId, PortmapTargets.AddressesOf(call).ConvertAll(address => address.Address));

    private static IPortBackend BackendOf(PluginCall call, PluginContext context, PortmapConfiguration configuration) =>
        (configuration.Backend ?? context.Backend) == RuleBackend.Iptables ? new IptablesPorts(context, call, configuration) : new NftablesPorts(context, call, configuration);

    private static IPortBackend[] Backends(PluginCall call, PluginContext context, PortmapConfiguration configuration) =>
        [new NftablesPorts(context, call, configuration), new IptablesPorts(context, call, configuration)];

    private static SysctlWrite? Localnet(PluginCall call, PluginContext context, PortmapTargets targets)
    {
        foreach (IpPrefix address in targets.Addresses)
        {
            if (!address.IsV6)
            {
                return LocalnetRouting.Missing(context, call, address.Address);
            }
        }

        return null;
    }

    // A sender of UDP that goes on would otherwise go on to where its first packet went. That it can't be helped is worth a word, no more.
    private static void Forget(PluginContext context, PortmapTargets targets)
    {
        List<Change> changes = [];
        foreach (ForwardedPort port in targets.Ports)
        {
            if (port.Protocol == ProtocolType.Udp)
            {
                changes.Add(new ConntrackDelete(context.Host.Namespace, port.IsV6, port.Protocol, port.HostPort, port.HostAddress));
            }
        }

        try
        {
            context.Apply(changes);
        }
        catch (ChangeException e)
        {
            context.Observer?.Warn($"failed to delete stale UDP conntrack entries: {e.Message}");
        }
    }

    private static void Try(List<Exception> failures, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is CniException or ChangeException or LinuxException)
        {
            failures.Add(e);
        }
    }
}
