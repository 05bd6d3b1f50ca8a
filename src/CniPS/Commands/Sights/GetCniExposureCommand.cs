using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;
using CniPS.Completers;
using CniPS.Exposure;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Pictures.Formats;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Lists what can reach what: ports of the host, containers that are reached by their own addresses, ways out, networks among each other, and what lets containers
/// pass for others. Nothing is sent and nothing is changed.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CniExposure")]
[OutputType(typeof(CniExposure), typeof(string))]
public sealed class GetCniExposureCommand : CniCommand
{
    private readonly List<Wildcards> _networks = [];
    private string _cacheFolder = Defaults.CachePath;

    /// <summary>Networks to show, with wildcards. Default: all, and the host.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>What to look for. Default: all.</summary>
    [Parameter]
    public ExposureKind[]? Kind { get; set; }

    /// <summary>Writes a page with tables (Html), in the place of objects. Default with -Path: what the file's ending says.</summary>
    [Parameter]
    public PictureFormat Format { get; set; } = PictureFormat.Html;

    /// <summary>The file to write the page to.</summary>
    [Parameter]
    [Alias("OutFile", "FilePath")]
    public string? Path { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => CachePath;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Format != PictureFormat.Html || (!string.IsNullOrEmpty(Path) && !IsBound(nameof(Format)) && Picture.FormatOf(Path) != PictureFormat.Html))
        {
            Refuse(CniErrorIds.InvalidArgs, "what is open is written as a page only", "Give -Format Html, or a name that ends with .html.", Path ?? (object)Format);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        _cacheFolder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        Wildcards networks = new(Network);
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, _cacheFolder);
        foreach (CachedAttachment cached in cache.List())
        {
            networks.Fit(cached.Network);
        }

        _networks.Add(networks);
        ReportMissing(new MissingErrors(cache, ResolvePath(Defaults.ConfigurationFolder)).Networks(networks));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guard(Look);
        base.EndProcessing();
    }

    private void Look()
    {
        // An empty pipeline has nothing to look at; no pipeline at all means everything.
        if (_networks.Count == 0)
        {
            return;
        }

        using Machine.Loan machine = Machine.Borrow();
        IReadOnlyList<ExposureFinding> all = ExposureSurvey.Look(machine.Host, Caches.Open(machine.Host, _cacheFolder).List(), Kind is { Length: > 0 } ? Kind : Enum.GetValues<ExposureKind>(), WriteWarning);
        List<ExposureFinding> findings = [.. all.Where(finding => _networks.Exists(networks => networks.Fit(finding.Network) || networks.Fit(finding.From)))];
        if (!IsBound(nameof(Format)) && string.IsNullOrEmpty(Path))
        {
            findings.ForEach(finding => WriteObject(new CniExposure(finding, _cacheFolder)));
            return;
        }

        string page = ExposureReport.Write(machine.Host.ReadSysctl(machine.Host.Namespace, "kernel/hostname") ?? "host", DateTimeOffset.Now, findings);
        if (string.IsNullOrEmpty(Path))
        {
            WriteObject(page.TrimEnd('\n'));
            return;
        }

        NetworkFile.Apply(machine.Host, new FileWrite(ResolvePath(Path), Encoding.UTF8.GetBytes(page), 0x1A4)); // 0644
    }
}
