using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>What goes wrong between a node and etcd, for real: a leader that is killed, a cable that is cut, a store that is older than its nodes, a full disk.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private const string Wide = "\"subnet\":\"10.4.0.0/24\",\"blockSize\":29", Small = "\"subnet\":\"10.2.0.0/26\",\"blockSize\":29";

    private readonly List<IDisposable> _made = [];

    public void Dispose()
    {
        for (int i = _made.Count - 1; i >= 0; i--)
        {
            _made[i].Dispose();
        }
    }

    [Fact]
    public async Task TheLeaderOfThreeIsKilledWhileNodesTakeAllThereIs()
    {
        IReadOnlyList<Etcd> members = Etcd.StartThree();
        _made.AddRange(members);
        string endpoints = string.Join(',', members.Select(member => member.Endpoint));
        TestNode[] nodes = [Node("n1", endpoints, "--timeout", "2"), Node("n2", endpoints, "--timeout", "2")];
        Etcd leader = members.Single(member => member.Leads());
        ConcurrentBag<string> given = [];
        TimeSpan longest = default;
        using ManualResetEventSlim some = new();
        Task[] workers = [.. nodes.Select((node, worker) => Task.Factory.StartNew(
            () =>
            {
                long last = Stopwatch.GetTimestamp();
                for (int i = 0; ; i++)
                {
                    string text = node.Add($"c{worker}-{i}", Wide);
                    if (text.StartsWith(CniErrorIds.AddressUnavailable, StringComparison.Ordinal))
                    {
                        return;
                    }

                    if (text.StartsWith("10.4.", StringComparison.Ordinal))
                    {
                        given.Add(text);
                        TimeSpan pause = Stopwatch.GetElapsedTime(last);
                        longest = pause > longest ? pause : longest;
                        last = Stopwatch.GetTimestamp();
                    }
                    else
                    {
                        Assert.StartsWith(CniErrorIds.ClusterStoreUnavailable, text); // no leader just now: a runtime tries again
                        Assert.True(Stopwatch.GetElapsedTime(last) < TimeSpan.FromMinutes(1), text);
                    }

                    if (given.Count > 40)
                    {
                        some.Set();
                        Thread.Sleep(20); // so that the leader goes in between
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.True(some.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        leader.Kill();
        int before = given.Count;
        await Task.WhenAll(workers);
        Assert.True(before < 200, "it was killed too late");
        Assert.Equal(256 - 3, given.Count); // network, gateway, broadcast
        Assert.Equal(given.Count, given.Distinct().Count());
        TestContext.Current.TestOutputHelper?.WriteLine($"the longest pause was {longest.TotalSeconds:0.00} s");

        // A new leader is no older store; and the one that was killed comes back as one of three.
        Assert.All(nodes, node => Assert.DoesNotContain("restored from an older state", node.Log));
        leader.Start();
        members.First(member => member != leader).Kill();
        TestNode.WaitFor(() => nodes.All(IsServed), "it works with two of three");
        Assert.Equal(32, ClusterDaemon.Nodes(nodes[0].Socket).Sum(node => node.Blocks.Count));
    }

    [Fact]
    public void ANodeThatIsCutOffGoesOnInItsBlocksAndSaysThatItCantHaveNewOnes()
    {
        Sandbox sandbox = new();
        _made.Add(sandbox);
        Sandbox.Run($"ip -n {sandbox.HostName} link add switch up type bridge && ip -n {sandbox.HostName} addr add 10.99.0.1/24 dev switch");
        Etcd etcd = new(sandbox.HostName, "10.99.0.1");
        _made.Add(etcd);
        TestNode[] nodes = [.. Enumerable.Range(1, 2).Select(number =>
        {
            string ns = sandbox.AddNamespace($"n{number}");
            Sandbox.Run(
                $"ip -n {ns} link set lo up && ip -n {sandbox.HostName} link add n{number} up master switch type veth peer name eth0 netns {ns} "
                + $"&& ip -n {ns} link set eth0 up && ip -n {ns} addr add 10.99.0.1{number}/24 dev eth0");
            return Node($"n{number}", etcd.Endpoint, ["--timeout", "1"], inside: ["ip", "netns", "exec", ns]);
        })];
        Assert.StartsWith("10.2.0.", nodes[0].Add("c0", Small));
        Assert.StartsWith("10.2.0.", nodes[1].Add("d0", Small));
        Sandbox.Run($"ip -n {sandbox.HostName} link set n1 down");

        // What it has it gives out; what it hasn't it doesn't, and says why; a network that has a free address is fine.
        HashSet<string> given = [];
        string last;
        for (int i = 1; (last = nodes[0].Add($"c{i}", Small)).StartsWith("10.2.", StringComparison.Ordinal); i++)
        {
            Assert.True(given.Add(last));
        }

        Assert.InRange(given.Count, 4, 7);
        Assert.StartsWith(CniErrorIds.ClusterStoreUnavailable, last);
        CniException refused = Assert.Throws<CniException>(() => nodes[0].Call(CniVerb.Status, "", Small));
        Assert.Equal((CniErrorIds.ClusterStoreUnavailable, CniErrorCode.PluginNotAvailable), (refused.ErrorId, refused.Code));
        Assert.Contains("no answer within 1 s", refused.Message);
        TestNode.WaitFor(() => nodes[0].Log.Contains($"etcd at {etcd.Endpoint}", StringComparison.Ordinal), "the log says so");
        nodes[0].Call(CniVerb.Delete, "c1", Small);
        Assert.Contains(nodes[0].Add("again", Small), given);

        // The other one goes on, and can't have what is the first one's.
        string[] others = [.. Enumerable.Range(1, 60).Select(i => nodes[1].Add($"d{i}", Small)).Where(text => text.StartsWith("10.2.", StringComparison.Ordinal))];
        Assert.Empty(others.Intersect(given));
        Assert.True(others.Length > 40);
        nodes[1].Call(CniVerb.Delete, "d0", Small);
        foreach (ClusterBlock block in ClusterDaemon.Blocks(nodes[1].Socket).Where(block => block.Used == 0))
        {
            ClusterDaemon.Release(nodes[1].Socket, "net", block.Block, TestContext.Current.CancellationToken);
        }

        Sandbox.Run($"ip -n {sandbox.HostName} link set n1 up");
        TestNode.WaitFor(() => nodes[0].Log.Contains("the store is there again", StringComparison.Ordinal), "it is joined again");
    }

    // What it took after the snapshot another one has by the time that it is back: that one's it is, and this one says so, and gives out no more of it.
    [Fact]
    public void ANodeThatWasAwayWhileEtcdWasRestoredTellsTheConflict()
    {
        Etcd etcd = new();
        _made.Add(etcd);
        TestNode one = Node("n1", etcd.Endpoint), two = Node("n2", etcd.Endpoint);
        string snapshot = etcd.Save();
        string address = one.Add("c0", Small, "IP=10.2.0.18");
        Assert.Equal("10.2.0.18", address);
        one.Kill();
        Assert.StartsWith("10.2.0.", two.Add("x0", Small)); // by which it has heard of what the snapshot lacks
        etcd.Restore(snapshot);
        TestNode.WaitFor(() => two.Log.Contains("etcd was restored from an older state", StringComparison.Ordinal), "the other one sees it");
        TestNode.WaitFor(() => two.Add("d0", Small, "IP=10.2.0.19") == "10.2.0.19", "it takes the block, after it has settled");
        one.Start();
        TestNode.WaitFor(() => one.Log.Contains("CONFLICT: block 10.2.0.16/29, of which 1 addresses are in use here, is n2's by the store", StringComparison.Ordinal), "the conflict");
        Assert.Contains("which is n2's by the store", one.Add("c1", Small, "IP=10.2.0.20"));
        string[] more = [.. Enumerable.Range(0, 20).Select(i => one.Add($"e{i}", Small))];
        Assert.DoesNotContain(more, text => text.StartsWith("10.2.0.", StringComparison.Ordinal) && IpPrefix.Parse("10.2.0.16/29").Contains(System.Net.IPAddress.Parse(text)));
    }

    [Fact]
    public void WhatCantBeWrittenDownIsNotGivenOut()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounts need root");
        Etcd etcd = new();
        _made.Add(etcd);

        // The node's folder is a disk of its own, which only the node's mounts have.
        Process holder = Process.Start("unshare", ["--mount", "--propagation", "private", "sleep", "600"]);
        _made.Add(new Ending(holder));
        TestNode.WaitFor(() => Sandbox.TryRun($"readlink /proc/{holder.Id}/exe").Output.Contains("sleep", StringComparison.Ordinal), "the mounts are there");
        string[] inside = ["nsenter", "--target", $"{holder.Id}", "--mount", "--"];
        TestNode node = new("n1", etcd.Endpoint, start: false, inside, $"/proc/{holder.Id}/root");
        _made.Add(node);
        Sandbox.Run($"{string.Join(' ', inside)} sh -c 'mkdir {node.State} && mount -t tmpfs -o size=64k tmpfs {node.State}'");
        node.Start();
        Assert.StartsWith("10.2.0.", node.Add("c0", Small));
        string full = $"/proc/{holder.Id}/root{node.State}/full";
        Sandbox.TryRun($"dd if=/dev/zero of={full} bs=1k");
        HashSet<string> given = [];
        string last;
        for (int i = 1; (last = node.Add($"c{i}", Small)).StartsWith("10.2.", StringComparison.Ordinal); i++)
        {
            given.Add(last);
        }

        Assert.Contains("no space left on device", last, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(given.Count, 4, 7);
        Assert.Single(ClusterDaemon.Blocks(node.Socket));

        // Once there is room it has all that the store gave it, and nothing twice.
        File.Delete(full);
        TestNode.WaitFor(() => node.Add($"later{given.Count}", Small) is { } text && text.StartsWith("10.2.", StringComparison.Ordinal) && given.Add(text), "there is room again");
        TestNode.WaitFor(
            () => ClusterDaemon.Blocks(node.Socket).Select(block => $"{block.Block}").Order().SequenceEqual(
                ClusterDaemon.Nodes(node.Socket).Single().Blocks.Select(block => $"{block.Block}").Order()),
            "store and copy agree");
    }

    private static bool IsServed(TestNode node)
    {
        try
        {
            return ClusterDaemon.Nodes(node.Socket).Count == 2;
        }
        catch (CniException e) when (e.ErrorId == CniErrorIds.ClusterStoreUnavailable)
        {
            return false; // an election
        }
    }

    private TestNode Node(string name, string endpoints, params string[] options) => Node(name, endpoints, options, inside: null);

    private TestNode Node(string name, string endpoints, string[] options, string[]? inside)
    {
        TestNode node = new(name, endpoints, start: false, inside);
        _made.Add(node);
        node.Start(options);
        return node;
    }

    private sealed class Ending(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
