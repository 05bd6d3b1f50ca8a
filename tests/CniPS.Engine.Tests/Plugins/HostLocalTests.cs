using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>host-local: what it gives, refuses and writes; the messages are those that the Go program was seen to print.</summary>
public sealed class HostLocalTests : IDisposable
{
    private const string Net = "\"subnet\":\"10.0.0.0/24\"";

    private readonly IpamBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("\"x\":1", "no IP ranges specified")]
    [InlineData("\"ranges\":[[]]", "invalid range set 0: empty range set")]
    [InlineData("\"subnet\":\"10.0.0.0/31\"", "invalid range set 0: Network 10.0.0.0/31 too small to allocate from")]
    [InlineData("\"subnet\":\"10.0.0.1/32\"", "invalid range set 0: Network 10.0.0.1/32 too small to allocate from")]
    [InlineData("\"subnet\":\"10.0.0.0/30\"", "10.0.0.2/30 10.0.0.1")]
    [InlineData("\"subnet\":\"fd00::/127\"", "invalid range set 0: Network fd00::/127 too small to allocate from")]
    [InlineData("\"subnet\":\"fd00::/126\"", "fd00::2/126 fd00::1")]
    [InlineData("\"subnet\":\"10.0.0.5/24\"", "invalid range set 0: Network has host bits set. For a subnet mask of length 24 the network address is 10.0.0.0")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.1.5\"", "invalid range set 0: RangeStart 10.0.1.5 not in network 10.0.0.0/24")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"rangeEnd\":\"10.0.1.5\"", "invalid range set 0: RangeEnd 10.0.1.5 not in network 10.0.0.0/24")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.50\",\"rangeEnd\":\"10.0.0.40\"", "invalid range set 0: RangeStart 10.0.0.50 is behind RangeEnd 10.0.0.40")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.0\"", "10.0.0.0/24 10.0.0.1")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"rangeStart\":\"10.0.0.255\",\"rangeEnd\":\"10.0.0.255\"", "10.0.0.255/24 10.0.0.1")]
    [InlineData("\"subnet\":\"10.0.0.0/24\",\"gateway\":\"192.168.1.1\"", "10.0.0.1/24 192.168.1.1")]
    [InlineData("\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"},{\"subnet\":\"fd00::/64\"}]]", "invalid range set 0: mixed address families")]
    [InlineData("\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"},{\"subnet\":\"10.0.0.0/16\"}]]", "invalid range set 0: subnets 10.0.0.1-10.0.0.254 and 10.0.0.1-10.0.255.254 overlap")]
    [InlineData("\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"}],[{\"subnet\":\"10.0.0.0/16\"}]]", "range set 0 overlaps with 1")]
    [InlineData("\"subnet\":\"10.7.0.0/24\",\"ranges\":[[{\"subnet\":\"10.8.0.0/24\"}]]", "10.7.0.2/24 10.7.0.1 10.8.0.2/24 10.8.0.1")]
    [InlineData("\"ranges\":[[{\"subnet\":\"fd00::/64\"}],[{\"subnet\":\"10.0.0.0/24\"}]]", "fd00::2/64 fd00::1 10.0.0.2/24 10.0.0.1")]
    public void Ranges(string ipam, string expected) => Assert.Equal(expected, _bench.Add("c1", ipam));

    [Fact]
    public void BelowVersion030OneAddressAFamily()
    {
        Assert.Equal(
            "CNI version 0.2.0 does not support more than 1 address per family",
            _bench.Add("c1", "\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"}],[{\"subnet\":\"10.1.0.0/24\"}]]", version: "0.2.0"));
        Assert.Equal("10.0.0.2/24 10.0.0.1 fd00::2/64 fd00::1", _bench.Add("c1", "\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"}],[{\"subnet\":\"fd00::/64\"}]]", version: "0.2.0"));
    }

    [Theory]
    [InlineData("IP=10.0.0.77", "10.0.0.77/24 10.0.0.1")]
    [InlineData("IP=10.0.0.78/24", "10.0.0.78/24 10.0.0.1")]
    [InlineData("IP=10.0.0.1", "failed to allocate for range 0: requested ip 10.0.0.1 is subnet's gateway")]
    [InlineData("IP=10.9.0.1", "failed to allocate all requested IPs: 10.9.0.1")]
    [InlineData("IP=10.0.0.255", "failed to allocate all requested IPs: 10.0.0.255")]
    [InlineData("IP=foo", "ARGS: error parsing value of pair \"IP=foo\": invalid IP address foo")]
    [InlineData("ip=10.0.0.99", "ARGS: unknown args [\"ip=10.0.0.99\"]")]
    [InlineData("IgnoreUnknown=1;ip=10.0.0.99", "10.0.0.2/24 10.0.0.1")]
    public void RequestedByArguments(string args, string expected)
    {
        Assert.Equal(expected, _bench.Add("c1", Net, args));
        Assert.Equal(expected.StartsWith("10.", StringComparison.Ordinal) ? 1 : 0, Leases());
    }

    [Fact]
    public void SeveralRequestedByArguments() => Assert.Equal(
        "10.0.0.77/24 10.0.0.1 fd00::77/64 fd00::1",
        _bench.Add("c1", "\"ranges\":[[{\"subnet\":\"10.0.0.0/24\"}],[{\"subnet\":\"fd00::/64\"}]]", "IP=fd00::77,10.0.0.77/24"));

    [Fact]
    public void ARequestedAddressThatIsTaken()
    {
        _bench.Add("c1", Net, "IP=10.0.0.77");
        Assert.Equal(
            "failed to allocate for range 0: requested IP address 10.0.0.77 is not available in range set 10.0.0.1-10.0.0.254",
            _bench.Add("c2", Net, "IP=10.0.0.77"));
    }

    [Fact]
    public void RequestedByConfigurationAndCapability()
    {
        Assert.Equal("10.0.0.80/24 10.0.0.1", _bench.Add("c1", Net, top: "\"args\":{\"cni\":{\"ips\":[\"10.0.0.80\"]}}"));
        Assert.Equal("10.0.0.81/24 10.0.0.1", _bench.Add("c2", Net, top: "\"runtimeConfig\":{\"ips\":[\"10.0.0.81/24\"]}"));
        Assert.Equal(
            "10.6.0.2/24 10.6.0.1 10.0.0.2/24 10.0.0.1", // each set of ranges, by its number, has its own last address
            _bench.Add("c3", Net, top: "\"RuntimeConfig\":{\"ipRanges\":[[{\"subnet\":\"10.6.0.0/24\"}]]}"));
    }

    [Fact]
    public void ASecondAddForTheSameInterfaceIsRefused()
    {
        _bench.Add("c1", Net);
        Assert.Equal(
            "failed to allocate for range 0: 10.0.0.2 has been allocated to c1, duplicate allocation is not allowed",
            _bench.Add("c1", Net));
        Assert.Equal("10.0.0.3/24 10.0.0.1", _bench.Add("c1", Net, ifname: "eth1"));
    }

    [Fact]
    public void AFreedAddressRestsUntilTheRoundIsOver()
    {
        const string small = "\"subnet\":\"10.0.0.0/29\"";
        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"], Enumerable.Range(1, 5).Select(i => _bench.Add($"c{i}", small).Split('/')[0]));
        Assert.Equal("failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.6", _bench.Add("c6", small));
        _bench.Delete("c5", small);
        _bench.Delete("c2", small);
        Assert.Equal("10.0.0.3/29 10.0.0.1", _bench.Add("c7", small)); // 10.0.0.6 was the last one given
        Assert.Equal("10.0.0.6/29 10.0.0.1", _bench.Add("c8", small));
    }

    [Fact]
    public void BytesOnDiskAreTheGoPrograms()
    {
        _bench.Add("ctr1", Net);
        Assert.Equal("63747231" + "0D0A" + "65746830", Convert.ToHexString(File.ReadAllBytes(Path.Combine(_bench.Leases, "10.0.0.2"))));
        Assert.Equal("10.0.0.2", File.ReadAllText(Path.Combine(_bench.Leases, "last_reserved_ip.0")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_bench.Leases, "10.0.0.2")));
        Assert.Equal(["10.0.0.2", "last_reserved_ip.0", "lock"], Directory.GetFiles(_bench.Leases).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(_bench.Folder, ".cnips/net/index")));
    }

    [Fact]
    public void WhatAnotherProgramWritesIsSeen()
    {
        _bench.Add("c1", Net);
        File.WriteAllText(Path.Combine(_bench.Leases, "10.0.0.3"), "foreign\r\neth0");
        File.WriteAllText(Path.Combine(_bench.Leases, "10.0.0.9"), "old-id-only");
        Assert.Contains("10.0.0.3 has been allocated to foreign", _bench.Add("foreign", Net));
        Assert.Contains("10.0.0.9 has been allocated to old-id-only", _bench.Add("old-id-only", Net));
        Assert.Equal("10.0.0.4/24 10.0.0.1", _bench.Add("c2", Net));
        _bench.Delete("foreign", Net);
        _bench.Delete("old-id-only", Net);
        Assert.Equal(2, Leases());
        File.Delete(Path.Combine(_bench.Leases, "10.0.0.2"));
        Assert.Equal("10.0.0.5/24 10.0.0.1", _bench.Add("c1", Net)); // somebody freed its address
    }

    [Fact]
    public void AnEmptyFileOfAKilledProcessHoldsNoAddress()
    {
        _bench.Add("c1", Net);
        LeaveEmpty("10.0.0.3");
        Assert.Equal("10.0.0.3/24 10.0.0.1", _bench.Add("c2", Net));
        LeaveEmpty("10.0.0.77");
        Assert.Equal("10.0.0.77/24 10.0.0.1", _bench.Add("c3", Net, "IP=10.0.0.77"));
        LeaveEmpty("10.0.0.9");
        _bench.Delete("c3", Net);
        Assert.Equal(2, Leases());
        LeaveEmpty("10.0.0.9");
        _bench.Run(CniVerb.GarbageCollect, "", Net, top: """
            "cni.dev/valid-attachments":[{"containerID":"c1","ifname":"eth0"},{"containerID":"c2","ifname":"eth0"}]
            """, version: "1.1.0");
        Assert.Equal(2, Leases());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(80)]
    public void ABrokenIndexIsMadeAnew(int length)
    {
        _bench.Add("c1", Net);
        string index = Path.Combine(_bench.Folder, ".cnips/net/index");
        File.WriteAllBytes(index, File.ReadAllBytes(index)[..length]);
        Assert.Contains("10.0.0.2 has been allocated to c1", _bench.Add("c1", Net));
        File.WriteAllBytes(index, Enumerable.Repeat((byte)0xff, 4096).ToArray());
        _bench.Delete("c1", Net);
        Assert.Equal(0, Leases());
    }

    [Fact]
    public void TheIndexSurvivesGrowthAndDeletion()
    {
        const string wide = "\"subnet\":\"10.0.0.0/20\"";
        for (int i = 0; i < 400; i++)
        {
            Assert.StartsWith("10.0.", _bench.Add($"c{i}", wide));
        }

        for (int i = 0; i < 400; i += 2)
        {
            _bench.Delete($"c{i}", wide);
        }

        Assert.Equal(200, Leases());
        for (int i = 0; i < 400; i++)
        {
            string answer = _bench.Add($"c{i}", wide);
            Assert.Equal(i % 2 == 1, answer.Contains("duplicate", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void CheckFindsAMissingAddress()
    {
        _bench.Add("c1", Net);
        _bench.Run(CniVerb.Check, "c1", Net);
        CniException e = Assert.Throws<CniException>(() => _bench.Run(CniVerb.Check, "zz", Net));
        Assert.Equal("host-local: Failed to find address added by container zz", e.Message);
    }

    [Fact]
    public void ResolvConfBecomesDns()
    {
        string file = Path.Combine(_bench.Folder, "resolv.conf");
        File.WriteAllText(file, "# c\nnameserver 192.0.2.1\nnameserver 192.0.2.2\ndomain a.example\nsearch a b\nsearch c\noptions ndots:2\nsortlist x\n");
        CniDns dns = _bench.Run(CniVerb.Add, "c1", Net + $",\"resolvConf\":\"{file}\"")!.Dns;
        Assert.Equal(["192.0.2.1", "192.0.2.2"], dns.Nameservers);
        Assert.Equal(["a", "b", "c"], dns.Search);
        Assert.Equal("a.example", dns.Domain);
        Assert.Contains("open /nonexist: no such file or directory", _bench.Add("c2", Net + ",\"resolvConf\":\"/nonexist\""));
        Assert.Equal(1, Leases());
    }

    [Fact]
    public async Task OursAndTheGoProgramOnOneFolderNeverGiveAnAddressTwice()
    {
        const string go = "/usr/lib/cni/host-local";
        Assert.SkipUnless(File.Exists(go), "Debian's containernetworking-plugins is not installed");
        string config = Path.Combine(_bench.Folder, "config.json");
        File.WriteAllBytes(config, _bench.Config("\"subnet\":\"10.0.0.0/24\""));
        ConcurrentBag<string> given = [];
        Task ours = Task.Run(() => Parallel.For(0, 100, i => given.Add(_bench.Add($"ours{i}", Net).Split('/')[0])), TestContext.Current.CancellationToken);
        Task theirs = Task.Run(
            () => Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            {
                string output = CniPS.Tests.Sandbox.Run(
                    $"CNI_COMMAND=ADD CNI_CONTAINERID=go{i} CNI_NETNS=/none CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni {go} < {config}");
                given.Add(CniResult.Parse(System.Text.Encoding.UTF8.GetBytes(output)).Ips[0].Address.ToString()!.Split('/')[0]);
            }),
            TestContext.Current.CancellationToken);
        await Task.WhenAll(ours, theirs);
        Assert.Equal(200, given.Distinct().Count());
        Assert.Equal(200, Leases());
        // Each gives back what the other took.
        Parallel.For(0, 100, i => _bench.Delete($"go{i}", Net));
        for (int i = 0; i < 100; i++)
        {
            CniPS.Tests.Sandbox.Run($"CNI_COMMAND=DEL CNI_CONTAINERID=ours{i} CNI_NETNS= CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni {go} < {config}");
        }

        Assert.Equal(0, Leases());
    }

    [Fact]
    public async Task OursAndTheGoProgramTakingAndGivingBackLoseNothing()
    {
        const string go = "/usr/lib/cni/host-local";
        Assert.SkipUnless(File.Exists(go), "Debian's containernetworking-plugins is not installed");
        const string narrow = "\"subnet\":\"10.0.0.0/25\""; // so narrow that freed addresses are given again
        string config = Path.Combine(_bench.Folder, "config.json");
        File.WriteAllBytes(config, _bench.Config(narrow));
        ConcurrentDictionary<string, string> held = [];
        Task[] workers = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                string id = $"w{worker}-{i}", address = worker % 2 == 0 ? _bench.Add(id, narrow).Split('/')[0] : Go("ADD", id);
                Assert.StartsWith("10.0.0.", address);
                held[id] = address;
                if (i % 3 != 0)
                {
                    held.TryRemove(id, out _);
                    if ((worker + i) % 2 == 0) // each also gives back what is the other's
                    {
                        _bench.Delete(id, narrow);
                    }
                    else
                    {
                        Go("DEL", id);
                    }
                }
            }
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(workers);
        Assert.Equal(80, held.Count);
        Assert.Equal(80, held.Values.Distinct().Count());
        Assert.Equal(80, Leases());
        Assert.All(held, pair => Assert.Equal($"{pair.Key}\r\neth0", File.ReadAllText(Path.Combine(_bench.Leases, pair.Value))));
        Assert.All(held.Keys, id => _bench.Run(CniVerb.Check, id, narrow));

        string Go(string verb, string id)
        {
            string output = CniPS.Tests.Sandbox.Run(
                $"CNI_COMMAND={verb} CNI_CONTAINERID={id} CNI_NETNS=/none CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni {go} < {config}");
            return output.Length == 0 ? "" : CniResult.Parse(System.Text.Encoding.UTF8.GetBytes(output)).Ips[0].Address.ToString()!.Split('/')[0];
        }
    }

    [Fact]
    public void ThousandsOfAddressesCostNoMoreThanOne()
    {
        const string wide = "\"subnet\":\"10.0.0.0/16\"";
        Directory.CreateDirectory(_bench.Leases);
        long few = LeastOfAddAndDelete(wide);
        for (int i = 0; i < 5000; i++)
        {
            File.WriteAllText(Path.Combine(_bench.Leases, $"10.0.{100 + (i / 250)}.{i % 250}"), $"held{i}\r\neth0");
        }

        _bench.Add("first", wide); // reads the folder once
        long many = LeastOfAddAndDelete(wide);
        Assert.True(many < few * 5, $"{few} bytes of memory with none held, {many} with 5,000; listing or reading them all takes a hundred times as much");
    }

    // What an ADD and a DEL take of memory tells how much they look at, on a busy machine as on an idle one: each name, each file read is an object.
    private long LeastOfAddAndDelete(string ipam)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _bench.Add($"t{i}", ipam);
            _bench.Delete($"t{i}", ipam);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private void LeaveEmpty(string address) => File.WriteAllText(Path.Combine(_bench.Leases, address), "");

    private int Leases() => Directory.Exists(_bench.Leases)
        ? Directory.GetFiles(_bench.Leases).Count(f => char.IsAsciiHexDigit(Path.GetFileName(f)[0]) && Path.GetFileName(f).AsSpan().IndexOfAny('.', ':') > 0
            && !Path.GetFileName(f).StartsWith("last", StringComparison.Ordinal))
        : 0;
}
