using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Runtimes;

/// <summary>Container runtimes from Debian's packages, each in a sandbox: <c>containerd.sh</c> and <c>podman.sh</c> have their functions.</summary>
internal static class Runtime
{
    /// <summary>What the functions of containerd.sh need.</summary>
    internal static readonly string[] Containerd = ["containerd", "ctr", "runc", "tar", "pkill"];

    /// <summary>What the functions of podman.sh need.</summary>
    internal static readonly string[] Podman = ["podman", "crun", "conmon", "nft"];

    /// <summary>The default list of containerd's packages.</summary>
    internal const string ContainerdList =
        """
        {"cniVersion":"1.0.0","name":"containerd-net","plugins":[
         {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,"promiscMode":true,
          "ipam":{"type":"host-local","ranges":[[{"subnet":"10.89.0.0/16"}],[{"subnet":"2001:4860:4860::/64"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}},
         {"type":"portmap","capabilities":{"portMappings":true}}]}
        """;

    /// <summary>Skips the test where a program is missing.</summary>
    internal static void Require(params ReadOnlySpan<string[]> runtimes)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("busybox"), "needs a static busybox for an image (Debian: busybox-static)");
        foreach (string[] programs in runtimes)
        {
            foreach (string program in programs)
            {
                Assert.SkipUnless(Shell.Has(program), $"needs {program}");
            }
        }
    }

    /// <summary>Runs a script after the functions of some runtimes; it must succeed.</summary>
    /// <returns>The lines that it printed.</returns>
    internal static string[] Run(NativeExecutable executable, string script, params ReadOnlySpan<string> runtimes)
    {
        string functions = "";
        foreach (string runtime in runtimes)
        {
            functions += File.ReadAllText(Repository.Path($"tests/CniPS.Tool.Tests/Runtimes/{runtime}.sh")) + "\n";
        }

        string output = Sandbox.Check(executable, functions + script);
        Assert.SkipWhen(output.StartsWith("no-cni", StringComparison.Ordinal), "this podman has no CNI backend");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
