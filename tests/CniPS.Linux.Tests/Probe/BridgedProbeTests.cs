using System;
using System.Linq;
using System.Net;
using System.Threading;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>Two containers at a bridge: a packet between them never gets to the host's IP.</summary>
public sealed class BridgedProbeTests
{
    [Fact]
    public void A_rule_of_the_bridge_that_drops_it_is_named()
    {
        using Sandbox box = new();
        Assert.SkipUnless(System.IO.File.Exists("/usr/sbin/nft"), "needs nft");
        string[] names = [box.AddNamespace("a"), box.AddNamespace("b")];
        Sandbox.Run($"ip -n {box.HostName} link add br0 type bridge; ip -n {box.HostName} link set br0 up");
        for (int i = 0; i < 2; i++)
        {
            Sandbox.Run($"ip -n {box.HostName} link add v{i} type veth peer name eth0 netns {names[i]}; ip -n {box.HostName} link set v{i} master br0 up");
            Sandbox.Run($"ip -n {names[i]} link set eth0 up; ip -n {names[i]} addr add 10.15.1.{i + 2}/24 dev eth0");
        }

        using NetworkNamespace a = NetworkNamespace.Open(NamedNamespaces.PathOf(names[0]));
        ProbeReport healthy = Send();
        Assert.Equal(ProbeOutcome.EchoReply, healthy.Answer.Outcome);
        Assert.Contains(healthy.Points[0].Steps, step => step is { Family: NftFamily.Bridge, Hook: ProbeHook.Forward, IsEndOfHook: true, InterfaceIn: "v0", InterfaceOut: "v1" });

        box.RunOnHost("nft 'add table bridge wall; add chain bridge wall gate { type filter hook forward priority 0; }; add rule bridge wall gate ip protocol icmp drop'");
        ProbeReport dropped = Send();
        Assert.Equal(ProbeOutcome.Nothing, dropped.Answer.Outcome);
        TraceStep drop = Assert.Single(dropped.Points[0].Steps, step => step.Verdict == TraceVerdict.Drop);
        Assert.Equal((NftFamily.Bridge, "wall", "gate", "v0", "v1"), (drop.Family, drop.Table, drop.Chain, drop.InterfaceIn, drop.InterfaceOut));

        ProbeReport Send() =>
            NetworkProbe.Send(a, new ProbePacket(IPAddress.Parse("10.15.1.3")), [new ProbePoint(box.Host.Namespace)], TimeSpan.FromSeconds(5), CancellationToken.None);
    }
}
