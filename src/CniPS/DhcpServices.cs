using System;
using System.Collections.Generic;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// The dhcp services of this process, whichever runspace started them. They outlive the module in a runspace, since leases are not a
/// runspace's; with the process they end, and give nothing back.
/// </summary>
internal static class DhcpServices
{
    private static readonly object s_gate = new();
    private static readonly Dictionary<string, Running> s_services = [];

    static DhcpServices() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => StopAll();

    /// <summary>Starts one.</summary>
    /// <returns>Where it listens.</returns>
    internal static string Start(DhcpServiceOptions options)
    {
        lock (s_gate)
        {
            if (s_services.ContainsKey(options.SocketPath))
            {
                throw new CniException(CniErrorIds.DhcpSocketTaken, CniErrorCode.Unknown, $"a dhcp service of this process listens at {options.SocketPath} already")
                {
                    RecommendedAction = "Use that one, or stop it first with Stop-CniDhcpService.",
                    Target = options.SocketPath,
                };
            }

            Machine.Loan machine = Machine.Borrow();
            try
            {
                DhcpService service = new(machine.Host, options);
                s_services.Add(service.SocketPath, new Running(service, machine, options.ResendTimeout, DateTime.Now));
                return service.SocketPath;
            }
            catch
            {
                machine.Dispose();
                throw;
            }
        }
    }

    /// <summary>The one of this process that listens there; null if there is none.</summary>
    internal static Running? Find(string socketPath)
    {
        lock (s_gate)
        {
            return s_services.GetValueOrDefault(socketPath);
        }
    }

    /// <summary>Stops one, if it is there.</summary>
    internal static void Stop(string socketPath, bool release)
    {
        lock (s_gate)
        {
            if (s_services.Remove(socketPath, out Running? running))
            {
                running.Service.Stop(release);
                running.Service.Dispose();
                running.Machine.Dispose();
            }
        }
    }

    private static void StopAll()
    {
        foreach (string path in (string[])[.. s_services.Keys])
        {
            Stop(path, release: false);
        }
    }

    /// <summary>A service that runs.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="Machine">What it works on.</param>
    /// <param name="Timeout">How long a first lease is tried for.</param>
    /// <param name="Started">Since when.</param>
    internal sealed record Running(DhcpService Service, Machine.Loan Machine, TimeSpan Timeout, DateTime Started);
}
