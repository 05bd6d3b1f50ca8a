using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Demo;

/// <summary>The walk-through that everybody learns CNI from, with two containers, in namespaces of its own.</summary>
internal sealed class DemoStory
{
    private static readonly IPAddress s_gateway = IPAddress.Parse("10.15.20.1");
    private static readonly IPAddress s_hostOutside = IPAddress.Parse("192.0.2.1"), s_world = IPAddress.Parse("192.0.2.2"); // RFC 5737

    private readonly Narrator _narrator = new();

    /// <summary>Tells it.</summary>
    /// <returns>Whether everything was as it should be.</returns>
    internal bool Tell()
    {
        long start = Stopwatch.GetTimestamp();
        _narrator.Title(
            "CniPS demo: two containers on a network",
            "In network and mount namespaces of its own, with folders in memory: the machine outside is not touched.");
        try
        {
            Stage.Build();
            using var host = new LinuxHost();
            Tell(host);
        }
        catch (Exception e) when (e is CniException or LinuxException or ChangeException or IOException)
        {
            _narrator.Fail(e);
        }

        _narrator.End(Stopwatch.GetElapsedTime(start));
        return _narrator.Wrong == 0;
    }

    private void Tell(LinuxHost host)
    {
        var options = RuntimeOptions.Default with { CacheFolder = Stage.CacheFolder, PluginSource = PluginSource.Native };
        var runtime = new CniRuntime(host, options, _narrator);

        _narrator.Chapter("A network, as a file of CNI 0.2.0, and as a list of 1.1.0");
        _narrator.Command($"cat {Stage.ConfPath} {Stage.ConfListPath}");
        _narrator.Show(Stage.Conf);
        _narrator.Show(Stage.ConfList);
        NetworkConfigurationList old = NetworkConfigurationList.Load(Stage.ConfPath);
        NetworkConfigurationList list = NetworkConfigurationList.Load(Stage.ConfListPath);

        _narrator.Chapter("Two containers, as far as a network is concerned");
        using var first = new Container(host, _narrator, "1234567890", "eth12");
        using var second = new Container(host, _narrator, "blue", "eth0");

        _narrator.Chapter("ADD, and everything it changes");
        Add(runtime, old, Stage.ConfPath, first);
        Add(runtime, list, Stage.ConfListPath, second);

        _narrator.Chapter("Do they reach each other, and the world?");
        Reach(host, first, second);

        _narrator.Chapter("CHECK");
        Check(host, runtime, list, second);

        _narrator.Chapter("A plan: what ADD would change, without changing it");
        Plan(host, options, list);

        _narrator.Chapter("DEL, and once more, which does no harm");
        Delete(runtime, old, Stage.ConfPath, first);
        Delete(runtime, list, Stage.ConfListPath, second);
        runtime.Delete(old, first.Attachment);
        _narrator.Expect(true, $"DEL of {first} once more is no error");

        _narrator.Chapter("What is left");
        LookForRemains(host, runtime, first, second);
    }

    private void Add(CniRuntime runtime, NetworkConfigurationList network, string path, Container container)
    {
        _narrator.Command($"cnips add {path} {container} --ifname {container.InterfaceName}");
        CniResult result = runtime.Add(network, container.Attachment)!;
        _narrator.Show(result);
        _narrator.Expect(result.CniVersion == network.CniVersion, $"the result is in the network's version, {network.CniVersion}");
        _narrator.Expect(
            container.Address is { } address && result.Ips is [{ Address: { } promised }] && promised.Address.Equals(address),
            $"{container.InterfaceName} in {container} has the result's address, {container.Address}");
        _narrator.Expect(
            container.HasRoute(IpPrefix.Parse("0.0.0.0/0")) && container.HasRoute(IpPrefix.Parse("1.1.1.1/32")), "it has both routes");
    }

    private void Reach(LinuxHost host, Container first, Container second)
    {
        using var fromFirst = new Ping(first.Namespace);
        using var fromSecond = new Ping(second.Namespace);
        Expect(fromFirst, first, second.Address!);
        Expect(fromSecond, second, first.Address!);
        Expect(fromFirst, first, s_gateway);
        Expect(fromSecond, second, s_gateway);

        _narrator.Say("A third namespace, the world behind the host:");
        _narrator.Command("ip netns add world");
        using NetworkNamespace world = NamedNamespaces.Create("world");
        Link near = Make(host, new VethAdd(host.Namespace, "uplink", world, "eth0"));
        Link far = host.FindLink(world, "eth0")!;
        Make(host, new AddressAdd(host.Namespace, near.Id, new IpPrefix(s_hostOutside, 24)));
        Make(host, new AddressAdd(world, far.Id, new IpPrefix(s_world, 24)));
        Make(host, new LinkSet(world, far.Id) { Up = true });
        using var atWorld = new Ping(world);
        Expect(fromFirst, first, s_world);
        _narrator.Expect(
            s_hostOutside.Equals(atWorld.Caller()), $"the world saw it come from the host, {s_hostOutside}: it was masqueraded");
        Make(host, new LinkDelete(host.Namespace, near.Id));
        NamedNamespaces.Remove("world");
    }

    private void Expect(Ping ping, Container from, IPAddress to) => _narrator.Expect(ping.Reaches(to), $"{from} reaches {to}");

    private Link Make(LinuxHost host, Change change)
    {
        _narrator.Command(change.Text);
        return host.Apply([change])[0].Link!;
    }

    private void Check(LinuxHost host, CniRuntime runtime, NetworkConfigurationList list, Container container)
    {
        string command = $"cnips check {Stage.ConfListPath} {container}";
        _narrator.Command(command);
        _narrator.Expect(runtime.Check(list, container.Attachment).Count == 0, $"{container} is as it should be");

        LinkId link = host.FindLink(container.Namespace, container.InterfaceName)!.Id;
        Make(host, new AddressDelete(container.Namespace, link, new IpPrefix(container.Address!, 24)));
        _narrator.Command(command);
        IReadOnlyList<Difference> differences = runtime.Check(list, container.Attachment);
        var repairs = new List<Change>();
        foreach (Difference difference in differences)
        {
            _narrator.Show(difference.Message);
            repairs.AddRange(difference.Repair);
        }

        _narrator.Expect(differences.Count > 0, "that is found");
        foreach (Change repair in repairs)
        {
            // The namespace that CHECK had opened is closed by now.
            Make(host, repair is NamespaceChange inside && inside.Namespace.Id == container.Namespace.Id
                ? inside with { Namespace = container.Namespace }
                : repair);
        }

        _narrator.Command(command);
        _narrator.Expect(runtime.Check(list, container.Attachment).Count == 0, "what it names as the repair mends it");
    }

    private void Plan(LinuxHost host, RuntimeOptions options, NetworkConfigurationList list)
    {
        using var container = new Container(host, _narrator, "green", "eth0");
        int leases = Leases().Count;
        _narrator.Command($"cnips add --dry-run {Stage.ConfListPath} {container}");
        CniResult? result = new CniRuntime(new PlannedHost(host), options, _narrator).Add(list, container.Attachment);
        _narrator.Expect(result?.Ips is [{ Address: not null }], $"the address would be {result?.Ips[0].Address}");
        _narrator.Expect(!container.IsAttached && Leases().Count == leases, "nothing was changed: no interface, no lease");
        NamedNamespaces.Remove(container.Name);
    }

    private void Delete(CniRuntime runtime, NetworkConfigurationList network, string path, Container container)
    {
        _narrator.Command($"cnips del {path} {container} --ifname {container.InterfaceName}");
        runtime.Delete(network, container.Attachment);
        _narrator.Expect(!container.IsAttached, $"{container} has no {container.InterfaceName} any more");
    }

    private void LookForRemains(LinuxHost host, CniRuntime runtime, Container first, Container second)
    {
        var veths = new List<string>();
        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link.Kind == "veth")
            {
                veths.Add(link.Name);
            }
        }

        None(veths, "interfaces of containers");
        None(Leases(), "leases");
        None(Masquerade.List(host.Nftables(host.Namespace)), "masqueraded addresses");
        None(runtime.Cache.List(), "cached results");
        None(Directory.GetFiles(Stage.IntentFolder), "unfinished operations");
        foreach (Container container in (ReadOnlySpan<Container>)[first, second])
        {
            _narrator.Expect(host.GetLinks(container.Namespace).Count == 1, $"{container} has nothing but lo");
            _narrator.Command($"ip netns del {container}");
            NamedNamespaces.Remove(container.Name);
        }

        _narrator.Expect(
            host.FindLink(host.Namespace, "cni_bridge0") is not null,
            "the bridge stays, as with the Go plugins, with its address, forwarding and an empty table: GC takes what nobody uses");
    }

    private void None<T>(IReadOnlyCollection<T> things, string name) =>
        _narrator.Expect(things.Count == 0, $"no {name}{(things.Count == 0 ? "" : ": " + string.Join(", ", things))}");

    // The files that are named as addresses.
    private static List<string> Leases()
    {
        var leases = new List<string>();
        foreach (string file in Directory.EnumerateFiles(Stage.LeaseFolder))
        {
            if (IpText.TryParse(Path.GetFileName(file), out _))
            {
                leases.Add(file);
            }
        }

        return leases;
    }
}
