using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Probe;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>A probe that is killed leaves nothing behind.</summary>
public sealed class KilledProbeTests
{
    private const string Variable = "CNIPS_PROBE_NAMESPACES";

    [Fact]
    public void What_it_made_goes_with_its_process()
    {
        using ProbeNet net = new();
        using Process silent = net.Start('b', "python3", "-u", "-c",
            "import socket, time; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('10.15.2.2', 9)); print('ready'); time.sleep(300)");
        silent.StandardOutput.ReadLine();
        ProcessStartInfo start = new(
            Path.ChangeExtension(typeof(KilledProbeTests).Assembly.Location, null), ["-method", "*.Waits_for_an_answer_that_does_not_come", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = $"{net.Name('a')},{net.Name('r')}";
        using Process child = Process.Start(start)!;
        try
        {
            while (!net.Run("nft list ruleset").Contains("table bridge cnips-probe-", StringComparison.Ordinal))
            {
                Assert.False(child.HasExited);
                Thread.Sleep(100);
            }

            child.Kill();
            child.WaitForExit();
            // The kernel closes its sockets on the way out, and cleans up behind that.
            for (Stopwatch watch = Stopwatch.StartNew(); net.Remains.Contains("probe", StringComparison.Ordinal) && watch.Elapsed.TotalSeconds < 30;)
            {
                Thread.Sleep(20);
            }

            Assert.DoesNotContain("probe", net.Remains);
        }
        finally
        {
            child.Kill();
            silent.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Not a test: what the other one kills.</summary>
    [Fact(Explicit = true)]
    public void Waits_for_an_answer_that_does_not_come()
    {
        string[] names = (Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException("only as a child")).Split(',');
        using NetworkNamespace from = NetworkNamespace.Open(NamedNamespaces.PathOf(names[0])), router = NetworkNamespace.Open(NamedNamespaces.PathOf(names[1]));
        NetworkProbe.Send(from, new ProbePacket(ProbeNet.B4, ProbeProtocol.Udp, 9), [new ProbePoint(from), new ProbePoint(router)], TimeSpan.FromMinutes(2));
    }
}
