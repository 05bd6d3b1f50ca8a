using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Netlink;

/// <summary>
/// The kernel's answers are lost when there is no room for them (ENOBUFS): here really, with a socket that has room for one or two. What was
/// asked is done all the same, and must be known to be.
/// </summary>
public sealed class LostAnswerTests
{
    private const int LittleRoom = 1, UsualRoom = 200_000;

    [Fact]
    public void What_may_have_been_made_is_found_and_taken_back()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        string before = Links(ns);
        ns.Route.Socket.SetReceiveRoom(LittleRoom);
        Change[] changes = [.. Enumerable.Range(0, 40).Select(i => new BridgeAdd(ns, $"bridge{i}", 0, false))];

        ChangeException failure = Assert.Throws<ChangeException>(() => box.Host.Apply(changes));

        Assert.IsType<LostAnswerException>(failure.InnerException);
        Assert.Equal(40, Links(ns).Split(": bridge").Length - 1);
        ns.Route.Socket.SetReceiveRoom(UsualRoom);
        foreach (Applied made in failure.Made.Reverse())
        {
            box.Host.Apply([made.Undo!]);
        }

        Assert.Equal(before, Links(ns));
    }

    [Fact]
    public void What_was_not_made_is_not_taken_back()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        BridgeAdd late = new(ns, "late", 0, false);
        UndoIfMade undo = new(late, new LinkDelete(ns, new LinkId("late", 0)));

        box.Host.Apply([undo]);

        // Of another kind: it is somebody else's.
        Sandbox.Run($"ip -n {ns.Name} link add late type veth peer name other");
        box.Host.Apply([undo]);
        Assert.Contains("late", Links(ns));
    }

    [Fact]
    public void A_pair_that_may_be_older_is_left_and_said_to_be_left()
    {
        // Without an address of its own it can't be told from one that was there before under the same names.
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        VethAdd pair = new(box.Host.Namespace, "veth1", ns, "eth0");
        Change undo = box.Host.Apply([pair])[0].Undo!;

        ChangeException failure = Assert.Throws<ChangeException>(() => box.Host.Apply([new UndoIfMade(pair, undo)]));

        Assert.Contains("it can't be told whether it was done", failure.Message);
        Assert.Contains("eth0", Links(ns));

        VethAdd marked = new(box.Host.Namespace, "veth2", ns, "eth1") { PeerMac = MacAddress.Random() };
        undo = box.Host.Apply([marked])[0].Undo!;
        box.Host.Apply([new UndoIfMade(marked with { PeerMac = MacAddress.Random() }, undo)]);
        Assert.Contains("eth1", Links(ns));
        box.Host.Apply([new UndoIfMade(marked, undo)]);
        Assert.DoesNotContain("eth1", Links(ns));
    }

    [Fact]
    public void A_queue_that_was_made_is_found_and_taken_back()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        box.Host.Apply([new VethAdd(box.Host.Namespace, "veth1", ns, "eth0")]);
        LinkId link = box.Host.FindLink(box.Host.Namespace, "veth1")!.Id;
        foreach (Change queue in (Change[])
            [new TokenBucketAdd(box.Host.Namespace, link, TokenBucket.Of(125_000, 12_500)), new IngressAdd(box.Host.Namespace, link)])
        {
            Change undo = box.Host.Apply([queue])[0].Undo!;
            Assert.Contains(box.Host.GetQdiscs(box.Host.Namespace, link.Index), qdisc => qdisc.Kind is "tbf" or "ingress");

            box.Host.Apply([new UndoIfMade(queue, undo)]);
            Assert.DoesNotContain(box.Host.GetQdiscs(box.Host.Namespace, link.Index), qdisc => qdisc.Kind is "tbf" or "ingress");
            box.Host.Apply([new UndoIfMade(queue, undo)]); // it was not made: nothing is to be done
        }

        box.Host.Apply([new LinkDelete(box.Host.Namespace, link)]);
        box.Host.Apply([new UndoIfMade(new IngressAdd(box.Host.Namespace, link), new QdiscDelete(box.Host.Namespace, link, IsRoot: false))]);
    }

    [Fact]
    public void A_list_of_which_a_part_is_lost_is_never_half_a_list()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        for (int i = 0; i < 60; i++)
        {
            box.Host.Apply([new BridgeAdd(ns, $"bridge{i}", 0, false)]);
        }

        ns.Route.Socket.SetReceiveRoom(LittleRoom);

        IReadOnlyList<Link>? links = null;
        try
        {
            links = box.Host.GetLinks(ns);
        }
        catch (LinuxException)
        {
            // An error is right as well.
        }

        Assert.True(links is null or { Count: >= 61 });
        Assert.NotNull(box.Host.FindLink(ns, "bridge7"));
    }

    private static string Links(NetworkNamespace ns) => Sandbox.Run($"ip -n {ns.Name} -o link");
}
