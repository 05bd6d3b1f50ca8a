using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Shows the plugin calls that this process has made lately.</summary>
[Cmdlet(VerbsCommon.Get, "CniTrace")]
[OutputType(typeof(CniTrace), typeof(string))]
public sealed class GetCniTraceCommand : FilterCommand
{
    /// <summary>Plugins whose calls to show, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string[]? Plugin { get; set; }

    /// <summary>How many to show at most: the last ones.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>Emits the shell command that makes each call again, instead of the call.</summary>
    [Parameter]
    public SwitchParameter Replay { get; set; }

    /// <summary>Shows values of keys that look like credentials, such as a password: else they are masked.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        Wildcards networks = new(Network), containers = new(ContainerId), plugins = new(Plugin);
        IEnumerable<TracedCall> calls = Traces.Recorder.Calls()
            .Where(call => plugins.Fit(call.Type) && containers.Fit(call.ContainerId) && networks.Fit(call.Network) && (!Replay || call.Replay is not null))
            .TakeLast(Last);
        foreach (TracedCall call in calls)
        {
            WriteObject(!Replay ? new CniTrace(call, Force) : Force ? call.Replay : call.Shown.Replay);
        }

        using Machine.Loan machine = Machine.Borrow();
        MissingErrors errors = new(Caches.Open(machine.Host, Defaults.CachePath), ResolvePath(Defaults.ConfigurationFolder));
        ReportMissing([.. errors.Networks(networks), .. errors.Containers(containers), .. plugins.Missing.Where(name => NativePlugins.Find(name) is null).Select(NeverCalled)]);
    }

    private static CniException NeverCalled(string type) => new(RuntimeErrorIds.PluginNotFound, CniErrorCode.Unknown, $"there is no plugin {type}, neither native nor among the calls")
    {
        RecommendedAction = "Get-CniPlugin lists what there is.",
        Target = type,
    };
}
