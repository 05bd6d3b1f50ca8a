using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Every step of ADD can fail. Afterwards nothing is left of it, and nothing of others is touched.</summary>
public sealed class FailureTests
{
    [Fact]
    public void AFullRangeLeavesNothing()
    {
        using TestNetwork network = new("\"ipMasq\": true", "\"subnet\": \"10.15.20.0/29\"");
        network.Container("late");
        for (int i = 0; i < 5; i++)
        {
            network.Add($"c{i}");
        }

        FailsAndLeavesNothing(network, "late", CniErrorIds.AddressUnavailable);
        network.In("c0", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void TheFirstAddOfAllLeavesTheMachineAsItWas()
    {
        // The bridge, its address, forwarding and the table are all this ADD's own: its route can't be added.
        using TestNetwork network = new("\"ipMasq\": true", "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"1.2.3.0/24\", \"gw\": \"99.9.9.9\"}]");
        network.Container("blue");
        FailsAndLeavesNothing(network, "blue", CniErrorIds.KernelRefused, "network is unreachable");
    }

    [Fact]
    public void ALinkOfAnotherKindUnderTheBridgesName()
    {
        using TestNetwork network = new();
        network.Container("blue");
        network.Sandbox.RunOnHost("ip link add cni_bridge0 type veth peer name other");
        FailsAndLeavesNothing(network, "blue", CniErrorIds.BridgeConflict, "already exists but is not a bridge");
    }

    [Fact]
    public void AnInterfaceThatIsThereAlready()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.In("blue", "ip link add eth0 type veth peer name other");
        FailsAndLeavesNothing(network, "blue", CniErrorIds.InterfaceExists);
    }

    [Theory]
    [InlineData("dddddddddddddddd")] // 16
    [InlineData("\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac")]
    [InlineData("../../x")]
    public void ANameInTheResultThatNoLinkCanHaveHindersNoDelete(string name)
    {
        using TestNetwork network = new("\"macspoofchk\": true, \"ipMasq\": true");
        CniResult result = network.Add("blue");
        string file = Assert.Single(Directory.GetFiles(Path.Join(network.Sandbox.CacheFolder, "results")));
        File.WriteAllText(file, File.ReadAllText(file).Replace(result.Interfaces[1].Name, name, StringComparison.Ordinal));

        network.Delete("blue");

        Assert.False(File.Exists(file));
        Assert.Empty(network.Leases());
        Assert.DoesNotContain("veth", network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);
        Assert.DoesNotContain("mybridge eth0 blue", network.Sandbox.RunOnHost("nft list ruleset"), StringComparison.Ordinal);
    }

    [Fact]
    public void ANamespaceThatIsGone()
    {
        using TestNetwork network = new();
        Attachment attachment = network.Attachment("blue") with { NetNS = "/run/netns/not-there" };
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Runtime.Add(network.List, attachment));
        Assert.Equal(CniErrorIds.InvalidNamespace, e.ErrorId);
        Assert.Contains("no such file or directory", e.Message);
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void APathThatIsNoNamespace()
    {
        using TestNetwork network = new();
        Attachment attachment = network.Attachment("blue") with { NetNS = "/etc/passwd" };
        CniException e = Assert.ThrowsAny<CniException>(() => network.Runtime.Add(network.List, attachment));
        Assert.Contains("unknown FS magic on \"/etc/passwd\"", e.Message);
    }

    [Fact]
    public void TheHostsOwnNamespace()
    {
        using TestNetwork network = new();
        Attachment attachment = network.Attachment("blue") with { NetNS = NamedNamespaces.PathOf(network.HostName) };
        CniException e = Assert.ThrowsAny<CniException>(() => network.Runtime.Add(network.List, attachment));
        Assert.Equal(CniErrorCode.InvalidNetNS, e.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData("new\nline")]
    [InlineData("ok\n")]
    [InlineData(".hidden")]
    public void ANameThatIsNoneReachesNoPath(string id)
    {
        using TestNetwork network = new();
        Attachment attachment = network.Attachment("blue");
        string before = network.Snapshot();
        foreach (Attachment bad in (Attachment[])[attachment with { ContainerId = id }, attachment with { InterfaceName = id.Length == 0 ? "" : id + "/" }])
        {
            Assert.Equal(CniErrorIds.InvalidName, Assert.ThrowsAny<CniException>(() => network.Runtime.Add(network.List, bad)).ErrorId);
            Assert.Equal(CniErrorIds.InvalidName, Assert.ThrowsAny<CniException>(() => network.Runtime.Delete(network.List, bad)).ErrorId);
            Assert.Equal(CniErrorIds.InvalidName, Assert.ThrowsAny<CniException>(() => network.Runtime.Check(network.List, bad)).ErrorId);
        }

        NetworkConfigurationList list = NetworkConfigurationList.Parse(
            Encoding.UTF8.GetBytes("""{"cniVersion":"1.0.0","name":"../evil","plugins":[{"type":"bridge","ipam":{"type":"host-local","subnet":"10.0.0.0/24"}}]}"""));
        Assert.Equal(CniErrorIds.InvalidName, Assert.ThrowsAny<CniException>(() => network.Runtime.Add(list, attachment)).ErrorId);
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void OneThatIsThereAndAliveIsRefusedBeforeAnythingRuns()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        string before = network.Snapshot();
        network.Steps.Clear();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(RuntimeErrorIds.AttachmentExists, e.ErrorId);
        Assert.Empty(network.Steps);
        Assert.Equal(before, network.Snapshot());
        network.In("blue", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void OneThatIsInTheCacheButDeadIsReplaced()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.In("blue", "ip link del eth0");
        CniResult result = network.Add("blue");
        Assert.Equal("10.15.20.3/24", result.Ips[0].Address.ToString());
        Assert.Single(Directory.GetFiles(Path.Combine(network.Sandbox.DataFolder, "mybridge"), "10.*"));
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void CancellingBeforeAnyStepLeavesNothing()
    {
        // One ADD after another is cancelled one change later, until one gets through.
        using TestNetwork network = new("\"ipMasq\": true");
        network.Container("blue");
        network.Forward();
        string before = network.Snapshot();
        for (int step = 0; ; step++)
        {
            using CancellationTokenSource source = new();
            int left = step;
            CniRuntime runtime = new(new CountingHost(network.Sandbox.Host, () =>
            {
                if (left-- == 0)
                {
                    source.Cancel();
                }
            }), network.Options);
            try
            {
                runtime.Add(network.List, network.Attachment("blue"), source.Token);
                Assert.True(step > 5, $"ADD was through after {step} changes");
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(before, network.Snapshot());
            }
        }
    }

    [Fact]
    public void AnyChangeThatTheKernelRefusesLeavesNothing()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"hairpinMode\": true");
        network.Container("blue");
        network.Forward();
        string before = network.Snapshot();
        int failures = 0;
        bool anyToRollBack = false;
        for (int step = 0; ; step++)
        {
            int left = step;
            CniRuntime runtime = new(new CountingHost(network.Sandbox.Host, () =>
            {
                if (left-- == 0)
                {
                    throw new Linux.LinuxException("make a change in a test", 5);
                }
            }), network.Options);
            try
            {
                runtime.Add(network.List, network.Attachment("blue"));
                break;
            }
            catch (CniException e)
            {
                failures++;
                Assert.Contains("input/output error", e.Message);
                bool told = e.Message.Contains("rolled back", StringComparison.Ordinal);
                Assert.True(told || !anyToRollBack, e.Message); // before the first change there is nothing to roll back
                anyToRollBack |= told;
                Assert.Equal(before, network.Snapshot());
            }
        }

        Assert.True(failures > 5 && anyToRollBack, $"only {failures} steps could fail");
    }

    [Fact]
    public async Task SixteenAtOnceOnANewBridgeWhileSomeFail()
    {
        for (int round = 0; round < 3; round++)
        {
            using TestNetwork network = new("\"ipMasq\": true");
            NetworkConfigurationList bad = network.Make("\"ipMasq\": true", "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"1.2.3.0/24\", \"gw\": \"99.9.9.9\"}]");
            string[] names = [.. Enumerable.Range(0, 16).Select(i => $"c{i}")];
            foreach (string name in names)
            {
                network.Container(name);
            }

            using Barrier start = new(16);
            IEnumerable<Task<bool>> all = names.Select((name, i) => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        network.Runtime.Add(i % 3 == 0 ? bad : network.List, network.Attachment(name));
                        return true;
                    }
                    catch (CniException e) when (i % 3 == 0)
                    {
                        Assert.Contains("unreachable", e.Message);
                        return false;
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            bool[] attached = await Task.WhenAll(all.ToArray());
            Assert.Equal(10, attached.Count(a => a));
            string[] leases = Directory.GetFiles(Path.Combine(network.Sandbox.DataFolder, "mybridge"), "10.*");
            Assert.Equal(10, leases.Length);
            for (int i = 0; i < 16; i++)
            {
                if (attached[i])
                {
                    network.In(names[i], "ping -c1 -W1 -q 10.15.20.1");
                    Assert.Empty(network.Check(names[i]));
                }
                else
                {
                    Assert.DoesNotContain("eth0", network.In(names[i], "ip -o link"));
                }
            }
        }
    }

    [Fact]
    public void NoThreadIsLeftInAForeignNamespace()
    {
        using TestNetwork network = new("\"ipMasq\": true", "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]]");
        Parallel.For(0, 40, i =>
        {
            network.Runtime.Add(network.List, Attachments[i] = Locked(network, $"c{i}"));
            network.Runtime.Check(network.List, Attachments[i]);
            network.Runtime.Delete(network.List, Attachments[i]);
        });
        // Nobody waits for those that announce an address: they are on their way home.
        string[] abroad = [];
        bool home = SpinWait.SpinUntil(() => (abroad = Abroad()).Length == 0, 5000);
        Assert.True(home, string.Join('\n', abroad));
    }

    private static string[] Abroad()
    {
        string own = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name;
        return Array.FindAll(Directory.GetDirectories("/proc/self/task"), task =>
        {
            try
            {
                return File.ResolveLinkTarget(task + "/ns/net", returnFinalTarget: false)!.Name != own;
            }
            catch (IOException) when (!Directory.Exists(task))
            {
                return false; // it has ended meanwhile
            }
        });
    }

    private Attachment[] Attachments { get; } = new Attachment[40];

    private static Attachment Locked(TestNetwork network, string name)
    {
        lock (network)
        {
            return network.Attachment(name);
        }
    }

    private static void FailsAndLeavesNothing(TestNetwork network, string container, string errorId, string words = "")
    {
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add(container));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains(words, e.Message);
        Assert.NotNull(e.PluginType);
        Assert.Equal("ADD", e.Verb);
        Assert.Equal(before, network.Snapshot());
    }
}
