using System;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Host;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node.Serving;

/// <summary>
/// Keeps leases for the plugin dhcp, as <c>cnips dhcp daemon</c> does (docs/dhcp.md): a node needs one daemon. Where another one listens already, that one goes on,
/// and this one begins when it has ended.
/// </summary>
/// <param name="host">The machine.</param>
/// <param name="socket">Where plugins ask.</param>
/// <param name="descriptor">The socket that systemd holds there; null for none.</param>
/// <param name="log">Is told what is worth knowing.</param>
internal sealed class DhcpHost(IHost host, string socket, int? descriptor, Action<string> log)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    /// <summary>Serves until it is cancelled. The leases stay: their addresses are in use.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        string? told = null;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using DhcpService service = new(host, new DhcpServiceOptions { SocketPath = socket, Descriptor = descriptor }, text => log($"dhcp: {text}"));
                log($"dhcp: leases are kept for who asks at {socket}");
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
            catch (CniException e)
            {
                if (told != e.Message)
                {
                    log($"dhcp: {e.Message}: no leases are kept here as long as that is so (--dhcp false: never)");
                    told = e.Message;
                }

                await Task.Delay(s_retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
