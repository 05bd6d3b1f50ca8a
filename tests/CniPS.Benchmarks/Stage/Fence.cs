using System;
using System.Diagnostics;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;

namespace CniPS.Benchmarks.Stage;

/// <summary>
/// Network namespaces that were left die in the background, under locks that whoever comes next would wait for. They die in the order in
/// which they were left, so one more is left and its end waited for: it takes away the other end of a pair of links.
/// </summary>
internal static class Fence
{
    private const string Name = "fence";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static void Wait()
    {
        using LinuxHost host = new();
        using (NetworkNamespace ns = NamedNamespaces.Create(Name))
        {
            host.Apply([new VethAdd(host.Namespace, Name, ns, Name)]);
        }

        NamedNamespaces.Remove(Name);
        long start = Stopwatch.GetTimestamp();
        while (host.FindLink(host.Namespace, Name) is not null)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException("Network namespaces that nobody needs any more don't end.");
            }

            Thread.Sleep(5);
        }
    }
}
