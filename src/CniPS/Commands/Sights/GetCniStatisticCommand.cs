using System;
using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Observation;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Lists what attachments or networks have received and sent, once, or again and again with what passes in a second.</summary>
[Cmdlet(VerbsCommon.Get, "CniStatistic", DefaultParameterSetName = "Once")]
[OutputType(typeof(CniStatistic))]
public sealed class GetCniStatisticCommand : CacheFilterCommand
{
    private readonly Dictionary<string, CachedAttachment> _wanted = new(StringComparer.Ordinal);

    /// <summary>Interfaces to show, with wildcards. Default: all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string[]? Interface { get; set; }

    /// <summary>Sums up what is of one network.</summary>
    [Parameter]
    public SwitchParameter ByNetwork { get; set; }

    /// <summary>Waits so long, in seconds or as a TimeSpan, and adds what passed in a second.</summary>
    [Parameter(ParameterSetName = "Rates", Mandatory = true)]
    [TimeoutTransform]
    public TimeSpan Interval { get; set; }

    /// <summary>Goes on after each interval, until Ctrl+C or Select-Object -First.</summary>
    [Parameter(ParameterSetName = "Rates")]
    public SwitchParameter Continuous { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (IsBound(nameof(Interval)) && Interval <= TimeSpan.Zero)
        {
            Refuse(ModuleErrorIds.InvalidValue, $"an interval of {Interval.TotalSeconds} seconds is none", "Give more than 0 seconds.", Interval);
        }

        Wildcards networks = new(Network), containers = new(ContainerId), interfaces = new(Interface);
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, CacheFolder);
        foreach (CachedAttachment cached in cache.List())
        {
            if (networks.Fit(cached.Network) && containers.Fit(cached.ContainerId) && interfaces.Fit(cached.InterfaceName))
            {
                _wanted[cached.Path] = cached;
            }
        }

        MissingErrors errors = new(cache, ResolvePath(Defaults.ConfigurationFolder));
        ReportMissing([.. errors.Networks(networks), .. errors.Containers(containers), .. errors.Interfaces(interfaces)]);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guard(Watch);
        base.EndProcessing();
    }

    private void Watch()
    {
        string folder = CacheFolder;
        using Machine.Loan machine = Machine.Borrow();
        TrafficMeter meter = new(new TrafficReader(machine.Host, _wanted.Values), ByNetwork);
        if (ParameterSetName != "Rates")
        {
            Show(meter.Read(), folder);
            return;
        }

        foreach (IReadOnlyList<TrafficReading> readings in meter.ReadEach(Interval, Cancellation))
        {
            Show(readings, folder);
            if (!Continuous)
            {
                return;
            }
        }
    }

    private void Show(IReadOnlyList<TrafficReading> readings, string folder)
    {
        foreach (TrafficReading reading in readings)
        {
            WriteObject(new CniStatistic(reading, folder));
        }
    }
}
