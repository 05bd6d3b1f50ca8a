using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>What the trace of a native call prints as its replay, run by a shell with <c>cnips</c> on its path.</summary>
public sealed class ReplayTests(NativeExecutable executable)
{
    [Fact]
    public void A_native_call_is_made_again_by_the_executable()
    {
        using LinuxHost host = new();
        string folder = Directory.CreateTempSubdirectory("cnips-replay-").FullName;
        try
        {
            CallRecorder recorder = new();
            CniRuntime runtime = new(
                host, RuntimeOptions.Default with { CacheFolder = folder, PluginSource = PluginSource.Native }, recorder.Observe());
            NetworkConfigurationList list = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
                $$$"""{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"host-local","ipam":{"type":"host-local","subnet":"10.1.2.0/24","dataDir":"{{{folder}}}"}}]}"""));
            Attachment attachment = new() { ContainerId = "c1", InterfaceName = "eth0", NetNS = "/run/netns/none" };
            CniResult? result = runtime.Add(list, attachment);
            string replay = recorder.Calls()[0].Replay!;
            runtime.Delete(list, attachment);
            File.Delete(Path.Join(folder, "net1", "last_reserved_ip.0")); // so that the same address is next

            Outcome again = Shell.Run(
                "/bin/sh", ["-c", replay], new Dictionary<string, string> { ["PATH"] = $"{executable.Folder}:{Environment.GetEnvironmentVariable("PATH")}" });

            Assert.True(again.ExitCode == 0, again.ToString());
            Assert.Equal(
                result!.Ips.Single().Address,
                CniResult.Parse(Encoding.UTF8.GetBytes(again.Output)).Ips.Single().Address);
            Assert.True(File.Exists(Path.Join(folder, "net1", "10.1.2.2")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
