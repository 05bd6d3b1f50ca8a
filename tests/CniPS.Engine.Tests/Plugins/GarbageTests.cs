using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>GC of a network of native plugins, on the real kernel.</summary>
public sealed class GarbageTests
{
    private const string Masquerade = "\"ipMasq\": true";

    // libcni writes the cache after its last plugin, with none of our locks.
    [Fact]
    public void What_a_runtime_writes_down_after_GC_has_judged_stays()
    {
        using TestNetwork net = new(Masquerade);
        net.Add("living");
        string entry = Path.Combine(net.Sandbox.CacheFolder, "results", "mybridge-living-eth0");
        File.Move(entry, entry + ".later");
        WritingHost host = new(net.Sandbox.Host, folder =>
        {
            if (folder.EndsWith("/results", StringComparison.Ordinal) && !File.Exists(entry))
            {
                File.Move(entry + ".later", entry);
            }
        });

        Assert.Empty(new CniRuntime(host, net.Options).CollectGarbage(net.List, null));

        Assert.True(File.Exists(entry));
        Assert.Empty(net.Check("living"));
    }

    [Theory]
    [InlineData("1.1.0")]
    [InlineData("0.4.0")]
    public void An_attachment_without_a_namespace_goes_and_so_does_what_nobody_uses_any_more(string version)
    {
        using TestNetwork net = new(Masquerade, version: version);
        net.Forward();
        string before = net.Snapshot();
        net.Add("c1");
        net.RemoveContainer("c1");

        GarbageReport report = net.Runtime.CollectGarbage(net.List, null);

        Assert.Equal(new CollectedAttachment("mybridge", "c1", "eth0", report[0].NetNS, false), Assert.Single(report));
        Assert.Equal(CollectedKind.Attachment, report.Things[0].Kind);
        Assert.Contains(report.Things[0].Changes, c => c.Text.Contains("/networks/mybridge/10.15.20.2"));
        Assert.Contains(report.Things[0].Changes, c => c.Text.Contains("/results/mybridge-c1-eth0"));
        Assert.Contains(report.Things, t => t.Kind == CollectedKind.Link && t.Name == TestNetwork.Bridge);
        Assert.Equal(before, net.Snapshot());
        Assert.Empty(Directory.GetFiles(Path.Join(net.Sandbox.CacheFolder, "cnips", "shared")));
    }

    [Fact]
    public void A_living_attachment_keeps_what_is_its_own_and_what_is_shared()
    {
        using TestNetwork net = new(Masquerade);
        net.Add("c1");
        net.Add("c2");
        net.RemoveContainer("c2");
        net.Runtime.CollectGarbage(net.List, null);
        Assert.Empty(net.Check("c1"));
        Assert.Equal(["10.15.20.2"], net.Leases());

        // It is still known who made the bridge, when the last one has gone.
        net.Delete("c1");
        Assert.Contains(TestNetwork.Bridge, net.Snapshot());
        Assert.Empty(net.Runtime.CollectGarbage(net.List, null));
        Assert.DoesNotContain(TestNetwork.Bridge, net.Snapshot());
    }

    [Fact]
    public void What_the_cache_does_not_know_goes_by_lease_and_comment()
    {
        using TestNetwork net = new(Masquerade);
        net.Forward();
        string before = net.Snapshot();
        net.Add("c1");
        net.Add("c2");
        Directory.Delete(Path.Join(net.Sandbox.CacheFolder, "results"), recursive: true);
        net.RemoveContainer("c1");
        net.RemoveContainer("c2");
        File.WriteAllText(Path.Join(net.Sandbox.DataFolder, "mybridge", "10.15.20.77"), "stranger\r\neth0");

        GarbageReport report = net.Runtime.CollectGarbage(net.List, []);

        Assert.Empty(report);
        Assert.Equal(
            ["Lease 10.15.20.2 c1", "Lease 10.15.20.3 c2", "Lease 10.15.20.77 stranger", "Rule masquerading of 10.15.20.2/24 c1", "Rule masquerading of 10.15.20.3/24 c2"],
            report.Things.Where(t => t.ContainerId is not null && t.Kind != CollectedKind.Link).Select(t => $"{t.Kind} {t.Name} {t.ContainerId}").Order(StringComparer.Ordinal));
        Assert.Equal(before, net.Snapshot());
    }

    [Fact]
    public void Valid_attachments_are_kept_even_if_the_cache_does_not_know_them()
    {
        using TestNetwork net = new(Masquerade);
        net.Add("c1");
        net.Add("c2");
        Directory.Delete(Path.Join(net.Sandbox.CacheFolder, "results"), recursive: true);
        net.RemoveContainer("c1");
        net.RemoveContainer("c2");
        net.Runtime.CollectGarbage(net.List, [new AttachmentKey("c2", "eth0")]);
        Assert.Equal(["10.15.20.3"], net.Leases());
    }

    [Fact]
    public void A_bridge_of_others_stays()
    {
        using TestNetwork net = new(Masquerade);
        Sandbox.Run($"ip -n {net.HostName} link add {TestNetwork.Bridge} type bridge");
        net.Add("c1");
        net.RemoveContainer("c1");
        net.Runtime.CollectGarbage(net.List, []);
        Assert.Contains(TestNetwork.Bridge, net.Snapshot());
    }

    [Fact]
    public void Another_network_on_the_bridge_loses_nothing()
    {
        using TestNetwork net = new(Masquerade);
        NetworkConfigurationList other = net.Make(Masquerade, "\"subnet\": \"10.15.20.0/24\", \"rangeStart\": \"10.15.20.100\"", name: "other");
        net.Add("c1");
        net.Runtime.Add(other, net.Attachment("c2"));
        net.RemoveContainer("c1");
        net.Runtime.CollectGarbage(net.List, null);
        Assert.Empty(net.Runtime.Check(other, net.Attachment("c2")));
    }

    [Fact]
    public void A_plan_says_what_would_go_and_changes_nothing()
    {
        using TestNetwork net = new(Masquerade);
        net.Add("c1");
        net.Add("c2");
        net.RemoveContainer("c1");
        File.Delete(Path.Join(net.Sandbox.CacheFolder, "results", "mybridge-c2-eth0"));
        string before = Kept(net);
        PlannedHost plan = new(net.Sandbox.Host);

        GarbageReport planned = new CniRuntime(plan, net.Options).CollectGarbage(net.List, []);

        Assert.Equal(before, Kept(net));
        List<string> told = [.. planned.Things.SelectMany(t => t.Changes).Select(c => c.Text)];
        Assert.Equal(plan.Steps.Select(s => s.Text).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        GarbageReport done = net.Runtime.CollectGarbage(net.List, []);
        Assert.Equal(told, done.Things.SelectMany(t => t.Changes).Select(c => c.Text));
    }

    [Fact]
    public void DisableGC_is_honoured()
    {
        using TestNetwork net = new();
        net.Add("c1");
        string json = Encoding.UTF8.GetString(net.List.Bytes.Span).Replace("\"plugins\"", "\"disableGC\": true, \"plugins\"", StringComparison.Ordinal);
        Assert.Empty(net.Runtime.CollectGarbage(NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json)), []).Things);
        Assert.Empty(net.Check("c1"));
    }

    [Fact]
    public async Task Another_process_that_works_on_the_network_is_waited_for()
    {
        using TestNetwork net = new();
        net.Add("c1");
        string lockFile = Path.Join(net.Sandbox.Locks, "mybridge");
        using Process other = Process.Start(new ProcessStartInfo("flock", ["--shared", lockFile, "sh", "-c", "echo held; read go"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Task collecting = Task.Run(() => net.Runtime.CollectGarbage(net.List, []), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(collecting.IsCompleted);
        Assert.Equal(["10.15.20.2"], net.Leases());
        await other.StandardInput.WriteLineAsync("go");
        await collecting;
        Assert.Empty(net.Leases());
    }

    [Fact]
    public void What_failed_is_told_with_what_was_removed_all_the_same()
    {
        using TestNetwork net = new();
        net.Add("c1");
        string json = Encoding.UTF8.GetString(net.List.Bytes.Span).Replace("\"plugins\": [", "\"plugins\": [{\"type\": \"bridge\", \"mtu\": -1},", StringComparison.Ordinal);
        GarbageException e = Assert.Throws<GarbageException>(() => net.Runtime.CollectGarbage(NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json)), []));
        Assert.Equal((CniErrorIds.InvalidNetworkConfig, "GC"), (e.ErrorId, e.Verb));
        Assert.Single(e.Removed);
        Assert.Empty(net.Leases());
    }

    private static string Kept(TestNetwork net) =>
        string.Join(' ', net.Leases()) + net.Sandbox.RunOnHost("nft list ruleset") + Sandbox.Run($"ip -n {net.HostName} -br link | cut -d' ' -f1") + string.Join(' ', Directory.GetFiles(Path.Join(net.Sandbox.CacheFolder, "results")));

    private sealed class WritingHost(IHost real, Action<string> listed) : DelegatingHost(real)
    {
        public override IReadOnlyList<string> ListFiles(string folder)
        {
            IReadOnlyList<string> files = base.ListFiles(folder);
            listed(folder);
            return files;
        }
    }
}
