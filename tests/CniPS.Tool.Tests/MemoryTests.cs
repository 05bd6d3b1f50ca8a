using System.Collections.Generic;
using System.Linq;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>What a call of the plugin takes of the machine's memory, against the Go program. (The benchmarks have the exact figure.)</summary>
public sealed class MemoryTests(NativeExecutable executable)
{
    // 0.68 of the Go programs' (docs/performance.md). When it comes near this, too much of what is called lies elsewhere: src/CniPS.Plugin/Order/record.sh.
    private const double Limit = 0.85;

    [Fact]
    public void ABridgeAttachmentTakesNoMoreThanTheGoPrograms()
    {
        Sandbox.Require(goPlugins: true);
        Assert.SkipUnless(Shell.Has("busybox"), "needs busybox (busybox-static) to ask for a child's peak memory");
        string output = Sandbox.Check(
            executable,
            """
            # The shell that starts a program counts as the program's memory; busybox is smaller than either.
            ip netns add one
            for folder in $GO $CNIPS; do
                for call in 1 2 3 4 5; do
                    for verb in ADD DEL; do
                        printf %s "$CONF" | CNI_COMMAND=$verb CNI_CONTAINERID=one CNI_NETNS=/run/netns/one CNI_IFNAME=eth0 CNI_PATH=$folder \
                            busybox time -a -o peaks -f "$verb-$folder %M" "$folder/bridge" > out
                    done
                done
            done
            cat peaks
            """,
            new Dictionary<string, string>
            {
                ["CONF"] = """{"cniVersion":"1.0.0","name":"net1","type":"bridge","bridge":"cni0","isGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16"}}""",
            });

        double Median(string name) => output.Split('\n')
            .Where(line => line.StartsWith(name + " ", System.StringComparison.Ordinal))
            .Select(line => double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture))
            .Order().ElementAt(2);
        foreach (string verb in (string[])["ADD", "DEL"])
        {
            double theirs = Median($"{verb}-{Sandbox.GoPlugins}"), ours = Median($"{verb}-{executable.Folder}");
            Assert.True(ours <= Limit * theirs, $"{verb}: {ours}, the Go programs {theirs}"); // busybox's unit is what the kernel's is, times four
            Assert.InRange(ours, 4 * 1000, 4 * 20_000);
        }
    }
}
