using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>The runbook of a first cluster does what it says, and leaves nothing.</summary>
public sealed class RunbookTests
{
    [Fact]
    public async Task A_first_cluster()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists("/usr/bin/etcd") && File.Exists("/usr/bin/etcdctl"), "needs etcd (Debian: etcd-server, etcd-client)");
        ProcessStartInfo start = new(Path.GetFullPath("../../docs/runbooks/first-cluster.sh", Folder())) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CNIPS"] = AppContext.BaseDirectory;
        start.Environment["DOTNET_ROOT"] = TestNode.DotNetRoot;
        using Process script = Process.Start(start)!;
        Task<string> error = script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(script.ExitCode == 0, output + await error);
        Assert.Contains("64 bytes from 10.1.", output);
        Assert.EndsWith("8 addresses, 0 twice\n", output);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
