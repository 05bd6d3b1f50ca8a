using System.Management.Automation;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Stops dhcp services that Start-CniDhcpService has started in this process. Their leases stay, unless they are to be given back.</summary>
[Cmdlet(VerbsLifecycle.Stop, "CniDhcpService", SupportsShouldProcess = true)]
[OutputType(typeof(CniDhcpService))]
public sealed class StopCniDhcpServiceCommand : CniCommand
{
    /// <summary>The socket that the service listens at.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string SocketPath { get; set; } = DhcpDaemon.DefaultSocket;

    /// <summary>Gives all leases back to their servers.</summary>
    [Parameter]
    public SwitchParameter Release { get; set; }

    /// <summary>Emits the service that was stopped; with -WhatIf, that would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string path = ResolvePath(SocketPath);
        if (DhcpServices.Find(path) is not { } service)
        {
            throw new CniException(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.Unknown, $"no dhcp service of this process listens at {path}")
            {
                RecommendedAction = "A daemon that runs as a program is ended by a signal: kill $(cat FILE) with the file of its -pidfile.",
                Target = path,
            };
        }

        string target = $"dhcp service at {path}";
        string action = $"{target}: stop{(Release ? ", and give its leases back" : "")}";
        bool goOn = ShouldProcess(action, $"Stop the {target}?", "Confirm", out ShouldProcessReason reason);
        if (goOn)
        {
            DhcpServices.Stop(path, Release);
        }

        if (PassThru && (goOn || reason == ShouldProcessReason.WhatIf))
        {
            WriteObject(new CniDhcpService(path, service.Timeout, service.Started));
        }
    }
}
