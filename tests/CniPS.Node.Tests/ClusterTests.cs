using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>Nodes, their daemons and etcd, for real: what they give out, and what they do when one of them is away, killed, restored or gone.</summary>
public sealed class ClusterTests : IDisposable
{
    private const string Net = "\"subnet\":\"10.1.0.0/22\",\"exclude\":[\"10.1.0.5\"]", Small = "\"subnet\":\"10.2.0.0/26\",\"blockSize\":29";

    private readonly Etcd _etcd = new();
    private readonly List<TestNode> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _etcd.Dispose();
    }

    [Fact]
    public void ManyTakeAllOfANetworkAndNoneTwice()
    {
        TestNode[] nodes = [Node("n1"), Node("n2"), Node("n3")];
        ConcurrentBag<string> given = [];
        Parallel.ForEach(Enumerable.Range(0, 6), new ParallelOptions { MaxDegreeOfParallelism = 6 }, worker =>
        {
            TestNode node = nodes[worker % nodes.Length];
            for (int i = 0; i < 1024; i++)
            {
                try
                {
                    given.Add(Assert.Single(node.AddOrThrow($"c{worker}-{i}", Net)));
                }
                catch (CniException e) when (e.ErrorId == CniErrorIds.AddressUnavailable)
                {
                    Assert.Contains("no block of net is free", e.Message);
                    return;
                }
            }
        });
        Assert.Equal(1024 - 4, given.Count); // network, gateway, broadcast, the excluded one
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.DoesNotContain("10.1.0.5", given);

        IReadOnlyList<ClusterNode> seen = ClusterDaemon.Nodes(nodes[0].Socket);
        Assert.Equal(["n1", "n2", "n3"], seen.Select(node => node.Name));
        Assert.All(seen, node => Assert.True(node.IsAlive));
        Assert.Equal(16, seen.Sum(node => node.Blocks.Count));

        // What one gives back is free again, for itself.
        nodes[1].Call(CniVerb.Delete, "c1-0", Net);
        Assert.StartsWith("10.1.", nodes[1].Add("again", Net));
        Assert.StartsWith(CniErrorIds.AddressUnavailable, nodes[0].Add("more", Net));
    }

    [Fact]
    public void ADaemonThatWasKilledGoesOnWhereItWas()
    {
        TestNode node = Node("n1");
        string first = node.Add("c0", Small);
        node.Kill();
        for (int i = 1; i < 6; i++)
        {
            Assert.StartsWith("10.2.0.", node.Add($"c{i}", Small)); // a block has at least six for containers
        }

        string[] full = [.. Enumerable.Range(6, 4).Select(i => node.Add($"c{i}", Small))];
        Assert.Contains(full, text => text.StartsWith(CniErrorIds.ClusterDaemonUnavailable, StringComparison.Ordinal));
        Assert.Equal(50, StatusCode(node, Small));
        node.Start();
        Assert.StartsWith("10.2.0.", node.Add("later", Small));
        Assert.Equal(2, ClusterDaemon.Blocks(node.Socket).Count);
        Assert.Contains(ClusterDaemon.Blocks(node.Socket), block => block.Block.Contains(System.Net.IPAddress.Parse(first)));
    }

    [Fact]
    public void WhileEtcdIsAwayItGoesOnInItsBlocks()
    {
        TestNode node = Node("n1");
        Assert.StartsWith("10.2.0.", node.Add("c0", Small));
        _etcd.Kill();
        Assert.StartsWith("10.2.0.", node.Add("c1", Small));
        Assert.Equal(0, StatusCode(node, Small));
        string last = "";
        for (int i = 2; i < 9; i++)
        {
            last = node.Add($"c{i}", Small);
        }

        Assert.StartsWith(CniErrorIds.ClusterStoreUnavailable, last);
        Assert.Equal(50, StatusCode(node, Small));
        _etcd.Start();
        TestNode.WaitFor(() => node.Add("later", Small).StartsWith("10.2.0.", StringComparison.Ordinal), "a block can be claimed again");
    }

    [Fact]
    public void AnOlderStoreIsMadeWholeAgainAndNothingIsGivenTwice()
    {
        TestNode one = Node("n1"), two = Node("n2");
        Assert.StartsWith("10.2.0.", one.Add("c0", Small));
        string snapshot = _etcd.Save();
        string[] before = [.. Enumerable.Range(1, 20).Select(i => one.Add($"c{i}", Small))]; // three blocks more
        Assert.All(before, address => Assert.StartsWith("10.2.0.", address));
        _etcd.Restore(snapshot);
        TestNode.WaitFor(() => one.Log.Contains("was missing in the store, and is claimed again", StringComparison.Ordinal), "n1 claims its blocks again");

        ConcurrentBag<string> after = [];
        int empty = 0;
        TestNode.WaitFor(
            () =>
            {
                string text = two.Add($"d{after.Count}-{empty}", Small);
                if (text.StartsWith("10.", StringComparison.Ordinal))
                {
                    after.Add(text);
                }

                return text.StartsWith(CniErrorIds.AddressUnavailable, StringComparison.Ordinal) && ++empty > 0;
            },
            "n2 takes all that is left");
        Assert.NotEmpty(after);
        Assert.Empty(after.Intersect(before));
        Assert.Equal(8, ClusterDaemon.Nodes(two.Socket).Sum(node => node.Blocks.Count));
    }

    [Fact]
    public void ABlockThatAnotherHasByTheStoreIsToldAndGivesOutNoMore()
    {
        TestNode one = Node("n1");
        string address = one.Add("c0", Small);
        string block = Assert.Single(ClusterDaemon.Blocks(one.Socket)).Block.ToString();
        one.Kill();
        TestNode two = Node("n2");
        ClusterDaemon.Remove(two.Socket, "n1", force: true);
        Assert.StartsWith("10.2.0.", two.Add("d0", Small, $"IP={Other(address)}"));
        one.Start();
        TestNode.WaitFor(() => one.Log.Contains($"CONFLICT: block {block}", StringComparison.Ordinal), "the conflict is told");
        ClusterBlock lost = Assert.Single(ClusterDaemon.Blocks(one.Socket));
        Assert.Equal(("lost", "n2", 1), (lost.State, lost.Owner, lost.Used));
        Assert.False(lost.Block.Contains(System.Net.IPAddress.Parse(one.Add("c1", Small))));
        Assert.Contains("which is n2's by the store", one.Add("c2", Small, $"IP={Other(address)}"));
    }

    [Fact]
    public void AnAddressThatIsAskedForBringsItsBlockUnlessAnotherHasIt()
    {
        TestNode one = Node("n1"), two = Node("n2");
        Assert.Equal("10.1.2.77", one.Add("c0", Net, "IP=10.1.2.77"));
        Assert.Equal("10.1.2.64/26", Assert.Single(ClusterDaemon.Blocks(one.Socket)).Block.ToString());
        Assert.Contains("10.1.2.78 lies in block 10.1.2.64/26, which node n1 has", two.Add("d0", Net, "IP=10.1.2.78"));
        Assert.Contains("requested ip 10.1.0.5 is excluded", two.Add("d0", Net, "IP=10.1.0.5"));
        Assert.Contains("10.1.2.77 is not available", one.Add("c1", Net, "IP=10.1.2.77"));
        Assert.Contains("has blocks of /26 in the cluster, and here /27", two.Add("d1", "\"subnet\":\"10.1.0.0/22\",\"blockSize\":27"));
    }

    [Fact]
    public void BothFamilies()
    {
        TestNode one = Node("n1"), two = Node("n2");
        const string both = "\"ranges\":[[{\"subnet\":\"10.3.0.0/24\"}],[{\"subnet\":\"fd00:3::/64\"}]]";
        string[] first = one.Add("c0", both).Split(' '), second = two.Add("c0", both).Split(' ');
        Assert.Equal(2, first.Length);
        Assert.StartsWith("fd00:3::", first[1]);
        Assert.Empty(first.Intersect(second));
        Assert.Equal(["10.3.0.0/26", "/122"], ClusterDaemon.Blocks(one.Socket).Select(block => block.Block.IsV6 ? $"/{block.Block.Length}" : "10.3.0.0/26"));
    }

    [Fact]
    public void OneDaemonANodeAndOneMachineAName()
    {
        TestNode one = Node("n1");
        (int status, string output) = one.Run();
        Assert.Equal(1, status);
        Assert.Contains($"another cnipsd works with {one.State}", output);
        Assert.Contains($"{one.ProcessId}", output);

        TestNode same = new("n1", _etcd.Endpoint, start: false);
        _nodes.Add(same);
        (status, output) = same.Run("--once");
        Assert.Equal(1, status);
        Assert.Contains("there is another machine in the cluster with the name n1", output);
        (status, output) = same.Run("--endpoint", "x");
        Assert.Equal(2, status);
        Assert.Contains("there is no option --endpoint", output);
    }

    [Fact]
    public void ANodeThatIsGoneIsRemovedByNameAndItsBlocksAreFree()
    {
        TestNode one = Node("n1"), two = Node("n2");
        one.Add("c0", Small);
        Assert.Equal(CniErrorIds.ClusterNodeRefused, Assert.Throws<CniException>(() => ClusterDaemon.Remove(two.Socket, "n1")).ErrorId);
        Assert.Equal(CniErrorIds.ClusterNodeRefused, Assert.Throws<CniException>(() => ClusterDaemon.Remove(two.Socket, "n3")).ErrorId);
        Assert.Equal(CniErrorIds.ClusterNodeRefused, Assert.Throws<CniException>(() => ClusterDaemon.Remove(two.Socket, "n2", force: true)).ErrorId);
        one.Kill();
        Assert.Single(ClusterDaemon.Remove(two.Socket, "n1", force: true).Blocks);
        Assert.Equal("n2", Assert.Single(ClusterDaemon.Nodes(two.Socket)).Name);
    }

    [Fact]
    public void AnEmptyBlockIsGivenBackWhereThatIsAskedFor()
    {
        TestNode one = Node("n1");
        one.Add("c0", Small);
        IpPrefix block = Assert.Single(ClusterDaemon.Blocks(one.Socket)).Block;
        Assert.Contains("are given out", Assert.Throws<CniException>(() => ClusterDaemon.Release(one.Socket, "net", block)).Message);
        one.Call(CniVerb.Delete, "c0", Small);
        ClusterDaemon.Release(one.Socket, "net", block);
        Assert.Empty(ClusterDaemon.Blocks(one.Socket));
        Assert.Empty(Assert.Single(ClusterDaemon.Nodes(one.Socket)).Blocks);
    }

    private TestNode Node(string name)
    {
        TestNode node = new(name, _etcd.Endpoint);
        _nodes.Add(node);
        return node;
    }

    // Another address of the same block of eight, neither the subnet's first two nor its last.
    private static string Other(string address)
    {
        int last = int.Parse(address.Split('.')[3], System.Globalization.CultureInfo.InvariantCulture), start = last & ~7;
        int other = Enumerable.Range(start, 8).First(n => n is > 1 and < 63 && n != last);
        return $"10.2.0.{other}";
    }

    private static int StatusCode(TestNode node, string ipam)
    {
        try
        {
            node.Call(CniVerb.Status, "", ipam);
            return 0;
        }
        catch (CniException e)
        {
            return (int)e.Code;
        }
    }
}
