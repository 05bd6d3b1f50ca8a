using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Net.Sockets;
using CniPS.Completers;
using CniPS.Diagnosis;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>A command that follows packets from one to another.</summary>
public abstract class ConnectionCommand : CniCommand
{
    /// <summary>Who sends: a container, a namespace by name or path, or <c>host</c>. Default: the host; with -Published somebody outside.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? From { get; set; }

    /// <summary>To whom: the same, an address, or a name that the sender could look up. Default: the host.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? To { get; set; }

    /// <summary>The port of the host that is to lead to a container.</summary>
    [Parameter]
    public ushort Published { get; set; }

    /// <summary>ICMP (default), TCP or UDP; with -Published TCP (default) or UDP.</summary>
    [Parameter]
    public ConnectionProtocol Protocol { get; set; }

    /// <summary>The port of TCP or UDP. Given alone, it is TCP's.</summary>
    [Parameter]
    public ushort Port { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => From;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Published != 0 && (IsBound(nameof(To)) || IsBound(nameof(Port))))
        {
            Refuse(CniErrorIds.InvalidArgs, "-Published says where a packet goes, and so do -To and -Port", "Give one of them.", Published);
        }
    }

    /// <summary>The cache's folder, absolute.</summary>
    private protected string CacheFolder => ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);

    /// <summary>Follows the packets.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="probes">Whether a real one is sent as well.</param>
    /// <param name="asksNames">Whether name servers are asked.</param>
    private protected IReadOnlyList<PathReport> Follow(IHost host, bool probes = false, bool asksNames = true) => ConnectionDiagnosis.Follow(
        host,
        Caches.Open(host, CacheFolder).List(),
        PathQuestion.Of(From, To, Protocol switch
        {
            ConnectionProtocol.Udp => ProtocolType.Udp,
            ConnectionProtocol.Tcp => ProtocolType.Tcp,
            _ => ProtocolType.Icmp,
        }, Port, Published) with { Probes = probes, AsksNames = asksNames });

    /// <summary>Reports each thing that is wrong.</summary>
    private protected void ReportCauses(PathReport report)
    {
        HashSet<Cause> told = [];
        for (int i = 0; i < report.Hops.Count; i++)
        {
            if (report.Hops[i] is { Verdict: HopVerdict.Dropped, Cause: { } cause } hop && told.Add(cause))
            {
                Report(CniHop.ToException(new CniHop(report, hop, i + 1), cause));
            }
        }
    }
}
