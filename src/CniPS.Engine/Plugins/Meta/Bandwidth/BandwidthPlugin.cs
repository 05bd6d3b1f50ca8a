using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>bandwidth: limits what may reach a container, and what it may send. It is chained behind a plugin that makes a veth pair.</summary>
internal sealed class BandwidthPlugin : ICniPlugin
{
    public string Type => "bandwidth";

    public IReadOnlyList<string> SupportedVersions { get; } = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", CniVersion.Current];

    public PluginSchema Schema => BandwidthSchema.Value;

    public void Validate(PluginCall call) => BandwidthConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        BandwidthConfiguration configuration = BandwidthConfiguration.Parse(call);
        CniResult result = RequireResult(call, "must be called as chained plugin");
        if (configuration is { Ingress: null, Egress: null })
        {
            return result;
        }

        ShapedInterface shaped = new(call, context);
        NetworkNamespace host = context.Host.Namespace;
        Link hostEnd = shaped.FindHostEnd(result, context.OpenNamespace(call.Request.NetNS));
        if (configuration.Ingress is { } ingress)
        {
            context.Apply(new TokenBucketAdd(host, hostEnd.Id, ingress));
        }

        if (configuration.Egress is not { } egress)
        {
            return result;
        }

        LinkAdd add = shaped.Add(hostEnd);
        Link ifb = context.Apply(add)[0].Link ?? context.Host.FindLink(host, add.Name)!;
        context.Apply(shaped.Name(ifb), new TokenBucketAdd(host, ifb.Id, egress), new IngressAdd(host, hostEnd.Id), new RedirectAdd(host, hostEnd.Id, ifb.Id));
        return result.With([.. result.Interfaces, new CniInterface { Name = ifb.Name, Mac = ifb.Mac?.ToString() }]);
    }

    // What the veth pair has goes with it.
    public void Delete(PluginCall call, PluginContext context)
    {
        if (new ShapedInterface(call, context).FindIfb() is { } ifb)
        {
            context.Apply(new LinkDelete(context.Host.Namespace, ifb.Id));
        }
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        BandwidthConfiguration configuration = BandwidthConfiguration.Parse(call);
        CniResult result = RequireResult(call, "must be called as a chained plugin");
        ShapedInterface shaped = new(call, context);
        Link hostEnd = shaped.FindHostEnd(result, context.OpenNamespace(call.Request.NetNS));
        List<Difference> differences = [];
        if (configuration.Ingress is { } ingress)
        {
            differences.AddRange(Compare(context.Host, hostEnd, ingress));
        }

        if (configuration.Egress is { } egress)
        {
            CheckEgress(context.Host, shaped, hostEnd, egress, differences);
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) => BandwidthConfiguration.Parse(call);

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        List<Exception> failures = [];
        foreach (Link ifb in ShapedInterface.FindInvalid(context.Host, call.Network, valid))
        {
            Failures.Try(failures, () => context.Apply(new LinkDelete(context.Host.Namespace, ifb.Id)));
        }

        Failures.Throw(failures, Type, "GC");
    }

    private static void CheckEgress(IHost host, ShapedInterface shaped, Link hostEnd, TokenBucket egress, List<Difference> differences)
    {
        if (shaped.FindIfb() is not { } ifb)
        {
            differences.Add(new Difference("ifb link", shaped.NewName, null, $"get ifb device: Link {shaped.NewName} not found"));
            return;
        }

        differences.AddRange(Compare(host, ifb, egress));
        if (!ifb.IsUp)
        {
            differences.Add(new Difference($"ifb link {ifb.Name}", "up", "down", $"ifb device {ifb.Name} is down")
            {
                Repair = [new LinkSet(host.Namespace, ifb.Id) { Up = true }],
            });
        }

        bool isRedirected = false;
        foreach (Qdisc qdisc in host.GetQdiscs(host.Namespace, hostEnd.Index))
        {
            isRedirected |= qdisc.Kind == "ingress";
        }

        if (!isRedirected)
        {
            differences.Add(new Difference($"ingress qdisc of {hostEnd.Name}", "there", null, $"what comes in by {hostEnd.Name} is not sent through {ifb.Name}")
            {
                Repair = [new IngressAdd(host.Namespace, hostEnd.Id), new RedirectAdd(host.Namespace, hostEnd.Id, ifb.Id)],
            });
        }
    }

    private static IEnumerable<Difference> Compare(IHost host, Link link, TokenBucket wanted)
    {
        Qdisc? root = null;
        foreach (Qdisc qdisc in host.GetQdiscs(host.Namespace, link.Index))
        {
            root = qdisc.IsRoot ? qdisc : root;
        }

        if (root?.Bucket == wanted)
        {
            yield break;
        }

        string message = root?.Bucket is not { } actual ? "Failed to find qdisc"
            : actual.Rate != wanted.Rate ? "Rate doesn't match"
            : actual.Limit != wanted.Limit ? "Limit doesn't match"
            : "Buffer doesn't match";
        yield return new Difference($"qdisc of {link.Name}", wanted.ToString(), root?.Bucket?.ToString() ?? root?.Kind, $"{message} on {link.Name}")
        {
            Repair = [new QdiscDelete(host.Namespace, link.Id, IsRoot: true), new TokenBucketAdd(host.Namespace, link.Id, wanted)],
        };
    }

    private static CniResult RequireResult(PluginCall call, string message) =>
        call.RequirePreviousResult(message, "Put bandwidth behind bridge or ptp; CHECK needs the result of ADD, from the same runtime and cache.");
}
