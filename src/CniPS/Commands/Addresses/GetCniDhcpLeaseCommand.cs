using System.Management.Automation;
using CniPS.Plugins.Ipam;

namespace CniPS.Commands;

/// <summary>Shows the leases that a dhcp daemon keeps, whether it runs in this process or as a program.</summary>
[Cmdlet(VerbsCommon.Get, "CniDhcpLease")]
[OutputType(typeof(CniDhcpLease))]
public sealed class GetCniDhcpLeaseCommand : FilterCommand
{
    /// <summary>The socket that the daemon listens at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string SocketPath { get; set; } = DhcpDaemon.DefaultSocket;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        Wildcards networks = new(Network), containers = new(ContainerId);
        foreach (DhcpLeaseInfo lease in DhcpDaemon.Leases(ResolvePath(SocketPath), Cancellation))
        {
            if (networks.Fit(lease.Network) && containers.Fit(lease.ContainerId))
            {
                WriteObject(new CniDhcpLease(lease));
            }
        }

        using Machine.Loan machine = Machine.Borrow();
        MissingErrors errors = new(Caches.Open(machine.Host, Defaults.CachePath), ResolvePath(Defaults.ConfigurationFolder));
        ReportMissing([.. errors.Networks(networks), .. errors.Containers(containers)]);
    }
}
