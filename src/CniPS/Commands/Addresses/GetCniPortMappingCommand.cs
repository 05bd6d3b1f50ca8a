using System;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Ports;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// Tells which ports of the host lead to whom: CniPS' own, those of the Go plugin portmap with iptables or nf_tables, podman's, and what
/// attachments have asked for and nobody serves.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CniPortMapping")]
[OutputType(typeof(CniPortMapping))]
public sealed class GetCniPortMappingCommand : CniCommand
{
    /// <summary>Ports of the host to show. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public ushort[]? HostPort { get; set; }

    /// <summary>Containers whose ports to show, with wildcards. Default: all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? ContainerId { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => CachePath;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string folder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        Wildcards containers = new(ContainerId);
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, folder);
        foreach (HostPort port in HostPorts.List(machine.Host, cache.List(), WriteWarning))
        {
            if ((HostPort is null or { Length: 0 } || Array.IndexOf(HostPort, port.Port) >= 0) && containers.Fit(port.ContainerId))
            {
                WriteObject(new CniPortMapping(port, folder));
            }
        }

        ReportMissing(new MissingErrors(cache, ResolvePath(Defaults.ConfigurationFolder)).Containers(containers));
    }
}
