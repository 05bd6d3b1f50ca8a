using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Machine;
using CniPS.Linux.Route;
using CniPS.Node.Blocks;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>Blocks that are claimed before they are needed, and given back after they were, for real.</summary>
public sealed class BlockUpkeepTests : IDisposable
{
    private const string Small = "\"subnet\":\"10.2.0.0/26\",\"blockSize\":29", Larger = "\"subnet\":\"10.2.0.0/25\",\"blockSize\":28";

    private readonly List<TestNode> _nodes = [];
    private Etcd? _etcd;

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _etcd?.Dispose();
    }

    [Fact]
    public void TheNextBlockIsThereBeforeItIsNeededAlsoAfterARestart()
    {
        _etcd = new Etcd();
        TestNode node = Node("n1");
        node.Start("--spare", "true", "--idle", "2");
        node.Add("c0", Larger);
        Fill(node, 1);
        TestNode.WaitFor(() => ClusterDaemon.Blocks(node.Socket).Count == 2, "one ahead");
        node.Kill();
        node.Start("--spare", "true", "--idle", "2");
        Fill(node, 2);
        TestNode.WaitFor(() => ClusterDaemon.Blocks(node.Socket).Count == 3, "one more ahead");
        _etcd.Kill();
        Assert.StartsWith("10.2.0.", node.Add("away-0", Larger));
        Assert.StartsWith("10.2.0.", node.Add("away-1", Larger));
        Assert.Contains("is claimed ahead", node.Log);
    }

    [Fact]
    public void WhatIsEmptyGoesBackAndTheLastIsKept()
    {
        _etcd = new Etcd();
        TestNode one = Node("n1"), two = Node("n2");
        one.Start();
        two.Start();
        string[] given = [.. Enumerable.Range(0, 20).Select(i => one.Add($"c{i}", Small))];
        Assert.Equal(3, ClusterDaemon.Blocks(one.Socket).Count);
        for (int i = 1; i < given.Length; i++)
        {
            one.Call(CniVerb.Delete, $"c{i}", Small);
        }

        one.Kill();
        one.Start("--spare", "true", "--idle", "2");
        TestNode.WaitFor(() => ClusterDaemon.Blocks(one.Socket).Count == 1, "the empty ones are given back");
        Assert.True(ClusterDaemon.Blocks(one.Socket)[0].Block.Contains(System.Net.IPAddress.Parse(given[0])));
        Assert.Single(ClusterDaemon.Nodes(one.Socket).Single(node => node.IsSelf).Blocks);
        Assert.Equal(2, one.Log.Split("was not needed any more, and is given back").Length - 1);

        // They are anybody's; and the last one stays, though nothing is in use.
        Assert.True(Enumerable.Range(0, 50).Count(i => two.Add($"d{i}", Small).StartsWith("10.2.", StringComparison.Ordinal)) > 48);
        one.Call(CniVerb.Delete, "c0", Small);
        Thread.Sleep(TimeSpan.FromSeconds(5));
        Assert.Single(ClusterDaemon.Blocks(one.Socket));

        // Without a spare it goes.
        one.Kill();
        one.Start("--spare", "false", "--idle", "2");
        TestNode.WaitFor(() => ClusterDaemon.Blocks(one.Socket).Count == 0, "the last one is given back");
    }

    // The plugin takes an address at the very moment at which the daemon looks whether there are any: one of the two comes first.
    [Fact]
    public void ABlockIsNotGivenBackWhileAnAddressIsTaken()
    {
        TestNode node = Node("n1");
        using LinuxHost host = new();
        BlockCopy copy = new(host, node.State);
        IpPrefix block = IpPrefix.Parse("10.2.0.8/29");
        int left = 0, taken = 0;
        for (int i = 0; i < 150 || ((left == 0 || taken == 0) && i < 1000); i++)
        {
            copy.Write(new NodeBlocks { Network = "net", DataFolder = node.Folder + "/data", Blocks = [new HeldBlock(block, DateTimeOffset.UnixEpoch)] });
            bool isLeft = false;
            string address = "";
            int head = Math.Min(i / 10, 50); // milliseconds: at first the one is mostly before the other, then behind
            Parallel.Invoke(
                () =>
                {
                    Thread.Sleep(head);
                    isLeft = copy.TryLeave("net", block, CancellationToken.None);
                },
                () => address = node.Add($"c{i}", Small));
            Assert.NotEqual(isLeft, address.StartsWith("10.2.", StringComparison.Ordinal));
            (left, taken) = isLeft ? (left + 1, taken) : (left, taken + 1);
            node.Call(CniVerb.Delete, $"c{i}", Small);
            if (i % 3 == 0)
            {
                System.IO.Directory.Delete(node.Folder + "/data", recursive: true); // as before the first ADD
            }
        }

        Assert.True(left > 0 && taken > 0, $"{left} left, {taken} taken");
    }

    // What is taken up from the store after the copy was lost: where its addresses are kept isn't known, so that nothing proves it empty.
    [Fact]
    public void ABlockIsKeptWhereNothingProvesItEmpty()
    {
        _etcd = new Etcd();
        TestNode node = Node("n1");
        node.Start();
        node.Add("c0", Small);
        node.Kill();
        System.IO.File.Delete(node.State + "/blocks/net.json");
        node.Start("--spare", "false", "--idle", "2");
        TestNode.WaitFor(() => node.Log.Contains("taken up", StringComparison.Ordinal), "the block is taken up");
        Thread.Sleep(TimeSpan.FromSeconds(5));
        Assert.Single(ClusterDaemon.Blocks(node.Socket));
    }

    // Until three addresses are left in the node's last block of sixteen, or fewer.
    private static void Fill(TestNode node, int blocks)
    {
        for (int i = 0; ClusterDaemon.Blocks(node.Socket).Sum(block => block.Used) < (16 * blocks) - 3; i++)
        {
            Assert.StartsWith("10.2.0.", node.Add($"c{blocks}-{i}", Larger));
        }
    }

    private TestNode Node(string name)
    {
        TestNode node = new(name, _etcd?.Endpoint ?? "http://127.0.0.1:1", start: false);
        _nodes.Add(node);
        return node;
    }
}
