using System.Linq;
using System.Management.Automation;
using CniPS.Diagnosis;

namespace CniPS.Commands;

/// <summary>
/// Tells whether one can reach another: true or false, with an error for each cause, which says where the packet, or its answer, dies and what
/// mends it. Nothing is changed.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "CniConnection")]
[OutputType(typeof(bool), typeof(CniHop))]
public sealed class TestCniConnectionCommand : ConnectionCommand
{
    /// <summary>Emits each place on the way as an object, and neither true or false nor errors.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Only reads, and sends no packet.</summary>
    [Parameter]
    public SwitchParameter NoProbe { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        System.Collections.Generic.IReadOnlyList<PathReport> reports = Follow(machine.Host, probes: !NoProbe);
        foreach (PathReport report in reports)
        {
            if (!Detailed)
            {
                ReportCauses(report);
                continue;
            }

            for (int i = 0; i < report.Hops.Count; i++)
            {
                WriteObject(new CniHop(report, report.Hops[i], i + 1));
            }
        }

        if (!Detailed)
        {
            WriteObject(reports.All(static report => report.IsReachable));
        }
    }
}
