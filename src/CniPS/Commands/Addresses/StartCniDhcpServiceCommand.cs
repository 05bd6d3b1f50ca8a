using System;
using System.Management.Automation;
using CniPS.Linux.Programs;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Starts the service that gets addresses for the dhcp plugin, and keeps them, inside this process.</summary>
[Cmdlet(VerbsLifecycle.Start, "CniDhcpService", SupportsShouldProcess = true)]
[OutputType(typeof(CniDhcpService))]
public sealed class StartCniDhcpServiceCommand : CniCommand
{
    /// <summary>The socket to listen at.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string SocketPath { get; set; } = DhcpDaemon.DefaultSocket;

    /// <summary>Has servers answer by broadcast.</summary>
    [Parameter]
    public SwitchParameter Broadcast { get; set; }

    /// <summary>How long a first lease is tried for in all: a TimeSpan, or seconds.</summary>
    [Parameter]
    [TimeoutTransform]
    public TimeSpan Timeout { get; set; } = new DhcpServiceOptions().ResendTimeout;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string path = ResolvePath(SocketPath);
        if (Timeout <= TimeSpan.Zero)
        {
            throw new CniException(ModuleErrorIds.InvalidValue, CniErrorCode.Unknown, $"a lease can't be tried for {Timeout}")
            {
                RecommendedAction = "Give -Timeout a time above zero.",
                Target = Timeout,
            };
        }

        if (ShouldProcess($"cnips dhcp daemon -socketpath {ShellText.Quote(path)}", $"Start a dhcp service at {path}?", "Confirm"))
        {
            DhcpServiceOptions options = new() { SocketPath = path, Broadcast = Broadcast, ResendTimeout = Timeout };
            WriteObject(new CniDhcpService(DhcpServices.Start(options), options.ResendTimeout, DateTime.Now));
        }
    }
}
