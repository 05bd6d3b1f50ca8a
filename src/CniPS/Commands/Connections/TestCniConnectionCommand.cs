using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using CniPS.Diagnosis;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Pictures;
using CniPS.Pictures.Formats;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Tells whether one can reach another: true or false, with an error for each cause, which says where the packet, or its answer, dies and what
/// mends it. Nothing is changed.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "CniConnection")]
[OutputType(typeof(bool), typeof(CniHop), typeof(string))]
public sealed class TestCniConnectionCommand : ConnectionCommand
{
    /// <summary>Emits each place on the way as an object, and neither true or false nor errors.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Only reads, and sends no packet.</summary>
    [Parameter]
    public SwitchParameter NoProbe { get; set; }

    /// <summary>Draws the way into the picture of the machine's networks, and emits its text. Default with -Path: what the file's ending says.</summary>
    [Parameter]
    public PictureFormat Format { get; set; }

    /// <summary>The file to write the picture to; it is answered as without one.</summary>
    [Parameter]
    [Alias("OutFile", "FilePath")]
    public string? Path { get; set; }

    /// <summary>Sessions (of New-PSSession) with other machines: these are asked, all at the same time, and not this one.</summary>
    [Parameter]
    public PSSession[]? Session { get; set; }

    /// <summary>Those of the sessions' machines to ask, with wildcards. Objects from one machine are asked about on that one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSComputerName")]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <inheritdoc/>
    private protected override PSSession[]? Sessions => Session is null ? null : RemoteQuestion.Of(Session, Node);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        RefusePictureOfOthers(Path);
        if (!string.IsNullOrEmpty(Path) && !IsBound(nameof(Format)))
        {
            if (Picture.FormatOf(Path) is not { } format)
            {
                Refuse(CniErrorIds.InvalidArgs, $"{Path} doesn't say in which format to draw", "Give -Format, or a name that ends with .svg, .html, .mmd or .dot.", Path);
                return;
            }

            Format = format;
        }
    }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        IReadOnlyList<PathReport> reports = Follow(machine.Host, probes: !NoProbe, asksNames: !NoProbe);
        bool draws = IsBound(nameof(Format)) || !string.IsNullOrEmpty(Path);
        if (draws && !Draw(machine.Host, reports))
        {
            return;
        }

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

    // Whether there is an answer to be given as well: a picture's text stands alone.
    private bool Draw(IHost host, IReadOnlyList<PathReport> reports)
    {
        NetworkTopology topology = TopologyReader.Read(host, Caches.Open(host, CacheFolder).List());
        foreach (string warning in topology.Warnings)
        {
            WriteWarning(warning);
        }

        int? limit = Format == PictureFormat.Html ? null : PictureOptions.DefaultLimit;
        string picture = Picture.Write(topology.Highlight(reports), Format, new PictureOptions { Limit = limit, Paths = reports });
        if (string.IsNullOrEmpty(Path))
        {
            WriteObject(picture.TrimEnd('\n'));
            return false;
        }

        NetworkFile.Apply(host, new FileWrite(ResolvePath(Path), Encoding.UTF8.GetBytes(picture), 0x1A4)); // 0644
        return true;
    }
}
