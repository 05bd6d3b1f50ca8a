using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>CHECK of the container's one link, in the words of the Go plugins where they look at the same.</summary>
internal sealed class LinkInspection
{
    private readonly List<Difference> _differences = [];

    internal LinkInspection(PluginCall call, PluginContext context)
    {
        Call = call;
        Context = context;
        Container = context.OpenNamespace(call.Request.NetNS);
        Expected = call.RequirePreviousResult();
    }

    internal PluginCall Call { get; }

    internal PluginContext Context { get; }

    internal NetworkNamespace Container { get; }

    /// <summary>The result of ADD.</summary>
    internal CniResult Expected { get; }

    /// <summary>What was found so far.</summary>
    internal IReadOnlyList<Difference> Differences => _differences;

    /// <summary>The link, if it is there and of the right kind; compared with the result's interface.</summary>
    /// <param name="kind">Its kind; null for any.</param>
    internal Link? Find(string? kind)
    {
        string name = Call.InterfaceName;
        CniInterface? named = FindNamed();
        if (named is null)
        {
            Differ($"result for {name}", "an interface with a sandbox", null, $"Container interface name {name} not found in prevResult");
        }
        else if (!Context.IsSameNamespace(named.Sandbox, Call.Request.NetNS))
        {
            Differ(
                "sandbox", named.Sandbox ?? "", Call.Request.NetNS,
                $"Sandbox in prevResult {named.Sandbox} doesn't match configured netns: {Call.Request.NetNS}");
        }

        Link? link = Context.Host.FindLink(Container, name);
        if (link is null)
        {
            Differ($"link {name}", $"a {kind ?? "network"} interface", null, $"Container Interface name in prevResult: {name} not found");
            return null;
        }

        if (kind is not null && link.Kind != kind)
        {
            Differ($"link {name}", kind, link.Kind, $"Error: Container interface {name} not of type {kind}");
            return null;
        }

        if (named?.Mac is { Length: > 0 } mac && link.Mac?.ToString() != mac)
        {
            Change[] repair = MacAddress.TryParse(mac, out MacAddress right) ? [new LinkSet(Container, link.Id) { Mac = right }] : [];
            Differ($"MAC of {name}", mac, link.Mac?.ToString(), $"Interface {name} Mac {mac} doesn't match container Mac: {link.Mac}", repair);
        }

        return link;
    }

    internal void CheckUp(Link link)
    {
        if (!link.IsUp)
        {
            Differ($"link {link.Name}", "up", "down", $"Interface {link.Name} is down", new LinkSet(Container, link.Id) { Up = true });
        }
    }

    internal void CheckMtu(Link link, int mtu)
    {
        if (mtu != 0 && link.Mtu != mtu && !Context.IsChangedLater("mtu"))
        {
            Differ(
                $"MTU of {link.Name}", $"{mtu}", $"{link.Mtu}", $"Configured MTU of {link.Name} is {mtu}, current value is {link.Mtu}",
                new LinkSet(Container, link.Id) { Mtu = mtu });
        }
    }

    internal void CheckAddressesAndRoutes(Link link)
    {
        InterfaceInspection inside = new(Context.Host, Container, link, _differences);
        inside.CheckAddresses(Expected);
        inside.CheckRoutes(Expected);
    }

    internal void Differ(string subject, string expected, string? actual, string message, params IReadOnlyList<Change> repair) =>
        _differences.Add(new Difference(subject, expected, actual, message) { Repair = repair });

    private CniInterface? FindNamed()
    {
        foreach (CniInterface candidate in Expected.Interfaces)
        {
            if (candidate.Name == Call.InterfaceName && !string.IsNullOrEmpty(candidate.Sandbox))
            {
                return candidate;
            }
        }

        return null;
    }
}
