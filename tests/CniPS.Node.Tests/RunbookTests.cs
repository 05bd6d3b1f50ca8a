using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>The runbooks of clusters do what they say, and leave nothing.</summary>
public sealed class RunbookTests
{
    [Fact]
    public async Task A_first_cluster()
    {
        string output = await RunAsync("first-cluster.sh");
        Assert.Contains("64 bytes from 10.1.", output);
        Assert.EndsWith("8 addresses, 0 twice\n", output);
    }

    [Fact]
    public async Task A_dead_node()
    {
        string output = await RunAsync("dead-node.sh");
        Assert.Contains("\nn2: 10.1.0.", output);
        Assert.Contains("no block of flat is free", output);
        Assert.Contains("\"node\":\"n2\",\"alive\":false", output);
        string after = output[output.IndexOf("# That alone proves nothing", StringComparison.Ordinal)..];
        Assert.Contains("\nn1: 10.1.0.", after);
        Assert.Contains("of which 1 addresses are in use here, is n1's by the store", after);
        Assert.EndsWith("none of its addresses is in use here any more: forgotten\n", output);
    }

    [Theory]
    [InlineData("vxlan", "ip route replace 10.5.34.0/24 via 10.5.34.0 dev flannel.1 onlink proto 67", "via 10.5.86.0 dev flannel.1")]
    [InlineData("host-gw", "ip route replace 10.5.34.0/24 via 10.99.0.11 dev eth0 proto 67", "via 10.99.0.13 dev eth0")]
    public async Task Joining_a_network_of_flannels(string backend, string planned, string cameBack)
    {
        string output = await RunAsync("join-flannel.sh", ("BACKEND", backend));
        Assert.Contains(planned, output);
        Assert.Equal(5, output.Split("64 bytes from 10.5.").Length - 1);
        Assert.Contains(cameBack, output);
        string after = output[output.IndexOf("# n3 leaves", StringComparison.Ordinal)..];
        Assert.Contains("10.5.34.0/24 via", after);
        Assert.DoesNotContain("10.5.86.0/24", after);
    }

    private static async Task<string> RunAsync(string name, params (string Name, string Value)[] variables)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists("/usr/bin/etcd") && File.Exists("/usr/bin/etcdctl"), "needs etcd (Debian: etcd-server, etcd-client)");
        ProcessStartInfo start = new(Path.GetFullPath("../../docs/runbooks/" + name, Folder())) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CNIPS"] = AppContext.BaseDirectory;
        start.Environment["DOTNET_ROOT"] = TestNode.DotNetRoot;
        foreach ((string variable, string value) in variables)
        {
            start.Environment[variable] = value;
        }

        using Process script = Process.Start(start)!;
        Task<string> error = script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(script.ExitCode == 0, output + await error);
        return output;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
