using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>dhcp: asks the daemon for an address, which gets it from a DHCP server and keeps the lease alive until DEL.</summary>
internal sealed class DhcpPlugin : ICniPlugin
{
    public string Type => "dhcp";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => DhcpSchema.Value;

    public void Validate(PluginCall call) => DhcpConfiguration.Parse(call.Configuration, call.Request.Args);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        DhcpConfiguration configuration = DhcpConfiguration.Parse(call.Configuration, call.Request.Args);
        DhcpQuestion question = DhcpQuestion.Of(call);
        SocketCall change = new(configuration.Socket, question.ToLine());
        if (context.Host.IsPlan)
        {
            // Which address there will be, only the server can say.
            context.Apply(change);
            throw new PlanEndsException();
        }

        DhcpAnswer answer = DhcpDaemon.Ask(change.Path, change.Line, context.Waiting, context.Cancellation);
        context.Observer?.Changed(change);
        if (!answer.WasThere)
        {
            context.Transaction.OnRollback(() => DhcpDaemon.Ask(change.Path, (question with { Command = "DEL" }).ToLine(), null, default));
        }

        return Result(answer, change.Path);
    }

    public void Delete(PluginCall call, PluginContext context) => Tell(call, context);

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        DhcpConfiguration configuration = DhcpConfiguration.Parse(call.Configuration, call.Request.Args);
        if (context.Host.IsPlan)
        {
            return [];
        }

        CniIPConfig leased = Result(DhcpDaemon.Ask(configuration.Socket, DhcpQuestion.Of(call).ToLine(), context.Waiting, context.Cancellation), configuration.Socket).Ips[0];
        foreach (CniIPConfig ip in call.PreviousResult?.Ips ?? [])
        {
            if (ip.Address == leased.Address)
            {
                return [];
            }
        }

        return call.PreviousResult is null
            ? []
            : [new Difference($"lease of {call.InterfaceName}", "of an address of the result", leased.ToString(), $"dhcp: the lease is of {leased}, which is not in the result")];
    }

    public void Status(PluginCall call, PluginContext context)
    {
        DhcpConfiguration configuration = DhcpConfiguration.Parse(call.Configuration, call.Request.Args);
        DhcpDaemon.Ask(configuration.Socket, DhcpQuestion.Of(call).ToLine(), context.Waiting, context.Cancellation);
    }

    public void CollectGarbage(PluginCall call, PluginContext context) => Tell(call, context);

    // A configuration that has gone wrong since must not be in the way.
    private static void Tell(PluginCall call, PluginContext context)
    {
        SocketCall change = new(DhcpConfiguration.SocketOf(call.Configuration), DhcpQuestion.Of(call).ToLine());
        if (context.Host.IsPlan)
        {
            context.Apply(change);
            return;
        }

        DhcpDaemon.Ask(change.Path, change.Line, context.Waiting, context.Cancellation);
        context.Observer?.Changed(change);
    }

    private static CniResult Result(DhcpAnswer answer, string path) => answer.Result is { Ips.Count: > 0 } result ? result : throw new CniException(
        CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"the daemon at {path} gives no address") { Target = path };
}
