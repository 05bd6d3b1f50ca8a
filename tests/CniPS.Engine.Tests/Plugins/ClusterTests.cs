using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CniPS.Linux.Machine;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>cluster, with a daemon that gives the blocks it is told to: what is asked, and what is given out of them.</summary>
public sealed class ClusterTests : IDisposable
{
    private const string Net = "\"subnet\":\"10.0.0.0/24\",\"blockSize\":29";

    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-cluster-").FullName;
    private readonly LinuxHost _host = new();
    private readonly ConcurrentQueue<ClusterQuestion> _asked = new();
    private readonly ConcurrentQueue<string> _blocks = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ClusterTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _ = Task.Run(ServeAsync);
    }

    private string SocketPath => Path.Combine(_folder, "s");

    public void Dispose()
    {
        _listener.Dispose();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void BlocksAreAskedForWhenNoneHasAFreeAddress()
    {
        Give("10.0.0.0/29", "10.0.0.8/29");
        Assert.Equal("10.0.0.2/24 10.0.0.1", Add("c0", Net));
        ClusterQuestion first = Assert.Single(_asked);
        Assert.Equal(("BLOCK", "net", 29, Path.Combine(_folder, "data")), (first.Command, first.Network, first.BlockSize, first.DataFolder));
        Assert.Equal((IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.254")), Assert.Single(first.Ranges));
        Assert.Empty(first.Full);
        string[] more = [.. Enumerable.Range(1, 6).Select(i => Add($"c{i}", Net))];
        Assert.Equal(["10.0.0.3/24 10.0.0.1", "10.0.0.8/24 10.0.0.1"], [more[0], more[^1]]);
        Assert.Equal(2, _asked.Count);
        Assert.Equal(IpPrefix.Parse("10.0.0.0/29"), Assert.Single(_asked.Last().Full));
        Run(CniVerb.Delete, "c3", Net);
        Assert.Equal("10.0.0.9/24 10.0.0.1", Add("d0", Net)); // behind the last one, as host-local
        string[] rest = [.. Enumerable.Range(1, 8).Select(i => Add($"d{i}", Net))];
        Assert.Equal("10.0.0.5/24 10.0.0.1", rest[^2]);
        Assert.StartsWith("CniAddressUnavailable: no more", rest[^1]);
    }

    [Fact]
    public void WhatIsExcludedIsNotGiven()
    {
        Give("10.0.0.0/29");
        const string net = Net + ",\"exclude\":[\"10.0.0.2\",\"10.0.0.4/31\"]";
        Assert.Equal(["10.0.0.3", "10.0.0.6", "10.0.0.7"], Enumerable.Range(0, 3).Select(i => Add($"c{i}", net).Split('/')[0]));
        Assert.Equal(3, Assert.Single(_asked).Ranges.Count);
        Assert.Contains("requested ip 10.0.0.5 is excluded", Add("c9", net, "IP=10.0.0.5"));
    }

    [Fact]
    public void AnAddressThatIsAskedForTakesItsBlock()
    {
        Give("10.0.0.72/29");
        Assert.Equal("10.0.0.77/24 10.0.0.1", Add("c0", Net, "IP=10.0.0.77"));
        Assert.Equal(IPAddress.Parse("10.0.0.77"), Assert.Single(_asked).Address);
        Assert.Contains("10.0.0.77 is not available", Add("c1", Net, "IP=10.0.0.77"));
        Assert.Contains("requested ip 10.0.0.1 is subnet's gateway", Add("c1", Net, "IP=10.0.0.1"));
        Assert.Contains("failed to allocate all requested IPs: 10.9.0.1", Add("c1", Net, "IP=10.9.0.1"));
        Assert.Single(_asked);
    }

    [Fact]
    public void ALostBlockGivesNothingAndCheckSaysSo()
    {
        Write("lost", "10.0.0.0/29");
        Give("10.0.0.8/29");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "data/net")).FullName, "10.0.0.3"), "old\r\neth0");
        Assert.Equal("10.0.0.8/24 10.0.0.1", Add("c0", Net));
        Assert.Contains("which is n2's by the store", Add("c1", Net, "IP=10.0.0.4"));
        Assert.Contains(
            "10.0.0.3 lies in no block of this node, but in one of n2",
            Error(() => Run(CniVerb.Check, "old", Net, top: "\"prevResult\":{\"cniVersion\":\"1.1.0\",\"ips\":[{\"address\":\"10.0.0.3/24\"}]}")).Message);
    }

    [Fact]
    public void StatusAsksOnlyWhereNoAddressIsFree()
    {
        Write("held", "10.0.0.0/29");
        Run(CniVerb.Status, "", Net);
        Assert.Empty(_asked);
        for (int i = 0; i < 6; i++)
        {
            Add($"c{i}", Net);
        }

        Run(CniVerb.Status, "", Net);
        Assert.Equal("STATUS", Assert.Single(_asked).Command);
        _listener.Dispose();
        File.Delete(SocketPath);
        CniException none = Error(() => Run(CniVerb.Status, "", Net));
        Assert.Equal((CniErrorIds.ClusterDaemonUnavailable, CniErrorCode.PluginNotAvailable), (none.ErrorId, none.Code));
        Assert.StartsWith("CniClusterDaemonUnavailable: error asking cnipsd: connect to", Add("c9", Net));
    }

    [Fact]
    public void AnotherFolderOfAddressesIsRefused()
    {
        Write("held", "10.0.0.0/29", data: "/elsewhere");
        Assert.Contains("addresses of net are kept in /elsewhere, not in", Add("c0", Net));
    }

    [Theory]
    [InlineData("\"subnet\":\"10.0.0.0/28\"", "a block of /26 is more than the subnet 10.0.0.0/28 has")]
    [InlineData("\"subnet\":\"10.0.0.0/28\",\"blockSize\":31", "a block of /31")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"exclude\":[\"x\"]", "neither an address nor a subnet: x")]
    [InlineData("\"x\":1", "no IP ranges specified")]
    public void WhatIsWrongIsNamed(string ipam, string expected) => Assert.Contains(expected, Add("c0", ipam));

    private void Give(params string[] blocks) => Array.ForEach(blocks, _blocks.Enqueue);

    // As cnipsd does: written down before it is told.
    private void Write(string state, string block, string? data = null)
    {
        NodeBlocks blocks = NodeBlocks.Read(_host, _folder, "net");
        BlockState becomes = state == "lost" ? BlockState.Lost : BlockState.Held;
        HeldBlock held = new(IpPrefix.Parse(block), DateTimeOffset.UnixEpoch, becomes, becomes == BlockState.Lost ? "n2" : null);
        Directory.CreateDirectory(NodeBlocks.FolderOf(_folder));
        File.WriteAllBytes(
            NodeBlocks.PathOf(_folder, "net"),
            (blocks with { DataFolder = data ?? Path.Combine(_folder, "data"), Blocks = [.. blocks.Blocks, held] }).ToFile().ToArray());
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using Socket client = await _listener.AcceptAsync();
            byte[] buffer = new byte[4096];
            int length = await client.ReceiveAsync(buffer);
            ClusterQuestion question = ClusterQuestion.Parse(buffer.AsMemory(0, length - 1));
            _asked.Enqueue(question);
            ClusterAnswer answer = new();
            if (question.Command == "BLOCK" && _blocks.TryDequeue(out string? block))
            {
                Write("held", block);
                answer = new ClusterAnswer { Block = IpPrefix.Parse(block) };
            }
            else if (question.Command == "BLOCK")
            {
                answer = new ClusterAnswer { Error = new CniException(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, "no more") };
            }

            await client.SendAsync((byte[])[.. answer.ToLine().Span, (byte)'\n']);
        }
    }

    private static CniException Error(Action call) => Assert.ThrowsAny<CniException>(call);

    private string Add(string id, string ipam, string args = "")
    {
        try
        {
            return string.Join(' ', Run(CniVerb.Add, id, ipam, args)!.ConvertTo("1.1.0").Ips.Select(ip => $"{ip.Address} {ip.Gateway}"));
        }
        catch (CniException e)
        {
            return $"{e.ErrorId}: {e.Message}";
        }
    }

    private CniResult? Run(CniVerb verb, string id, string ipam, string args = "", string top = "")
    {
        PluginInvoker invoker = new(_host, RuntimeOptions.Default with { PluginSource = PluginSource.Native });
        Transaction transaction = new(_host);
        using PluginContext context = new() { Host = _host, Transaction = transaction, Plugins = invoker };
        string config = $$"""{"cniVersion":"1.1.0","name":"net","type":"x",{{(top.Length > 0 ? top + "," : "")}}"ipam":{"type":"cluster","dataDir":"{{_folder}}/data","stateDir":"{{_folder}}","daemonSocketPath":"{{SocketPath}}",{{ipam}} } }""";
        try
        {
            CniResult? result = invoker.Invoke("cluster", new PluginRequest
            {
                Verb = verb, ContainerId = id, InterfaceName = "eth0", NetNS = "/none", Args = CniArgs.Parse(args), Config = Encoding.UTF8.GetBytes(config),
            }, context);
            return context.Differences.Count == 0 ? result
                : throw new CniException("Differs", CniErrorCode.Internal, string.Join('\n', context.Differences));
        }
        catch (CniException)
        {
            transaction.Rollback();
            throw;
        }
    }
}
