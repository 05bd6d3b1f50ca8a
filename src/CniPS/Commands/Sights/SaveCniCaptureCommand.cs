using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Capture;
using CniPS.Observation;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Captures packets of attachments, bridges or other interfaces into a file that Wireshark and tcpdump read.</summary>
[Cmdlet(VerbsData.Save, "CniCapture", SupportsShouldProcess = true, DefaultParameterSetName = "Attachment")]
[OutputType(typeof(CniPacket))]
public sealed class SaveCniCaptureCommand : CniCommand
{
    private readonly Dictionary<string, CachedAttachment> _wanted = new(StringComparer.Ordinal);
    private PacketFilter? _filter;
    private bool _isMissing;

    /// <summary>The file to write (pcapng).</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("OutFile", "FilePath")]
    public string Path { get; set; } = "";

    /// <summary>Networks whose attachments are captured, with wildcards. Default: all.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Attachment")]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>Containers that are captured, with wildcards. Default: all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Attachment")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? ContainerId { get; set; }

    /// <summary>Interfaces in the containers that are captured, with wildcards. Default: all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Attachment")]
    [Alias("IfName", "InterfaceName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string[]? Interface { get; set; }

    /// <summary>Which end of the pair: the container's, the host's, or both.</summary>
    [Parameter(ParameterSetName = "Attachment")]
    public CaptureEnd End { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Attachment")]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <summary>Any interfaces, by their names: a bridge, an uplink.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Link")]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string[] Link { get; set; } = [];

    /// <summary>The namespace in which these are. Default: the host's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Link")]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference? Namespace { get; set; }

    /// <summary>Which packets, in tcpdump's words: <c>tcp port 80 and host 10.1.0.2</c>. Default: all.</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary>Ends after so many packets.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>Ends after so long, in seconds or as a TimeSpan. Default: it goes on until Ctrl+C.</summary>
    [Parameter]
    [TimeoutTransform]
    public TimeSpan Duration { get; set; }

    /// <summary>Emits each packet in short.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Leaves a file that is there already as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => Path;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (IsBound(nameof(Duration)) && Duration <= TimeSpan.Zero)
        {
            Refuse(ModuleErrorIds.InvalidValue, $"a duration of {Duration.TotalSeconds} seconds is none", "Give more than 0 seconds.", Duration);
        }

        try
        {
            _filter = string.IsNullOrWhiteSpace(Filter) ? null : PacketFilter.Parse(Filter);
        }
        catch (FormatException e)
        {
            Refuse(CniErrorIds.InvalidArgs, e.Message, "Get-Help Save-CniCapture -Parameter Filter says which words there are.", Filter);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (ParameterSetName == "Link")
        {
            return;
        }

        Wildcards networks = new(Network), containers = new(ContainerId), interfaces = new(Interface);
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, Folder);
        foreach (CachedAttachment cached in cache.List())
        {
            if (networks.Fit(cached.Network) && containers.Fit(cached.ContainerId) && interfaces.Fit(cached.InterfaceName))
            {
                _wanted[cached.Path] = cached;
            }
        }

        MissingErrors errors = new(cache, ResolvePath(Defaults.ConfigurationFolder));
        List<CniException> missing = [.. errors.Networks(networks), .. errors.Containers(containers), .. errors.Interfaces(interfaces)];
        _isMissing |= missing.Count > 0;
        ReportMissing(missing);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guard(Capture);
        base.EndProcessing();
    }

    private string Folder => ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);

    private void Capture()
    {
        using Machine.Loan machine = Machine.Borrow();
        using CaptureTargets targets = new(machine.Host);
        FindTargets(targets);
        if (targets.All.Count == 0)
        {
            if (!_isMissing)
            {
                throw new CniException(RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, "there is nothing to capture")
                {
                    RecommendedAction = "Get-CniAttachment lists what there is; -Link captures any interface.",
                };
            }

            return;
        }

        string file = ResolvePath(Path);
        List<string> labels = [];
        foreach (CaptureTarget target in targets.All)
        {
            labels.Add(target.Point.Label!);
        }

        string what = string.Join(", ", labels);
        if (!ShouldProcess(file, $"Capture packets of {what}"))
        {
            return;
        }

        if (NoClobber && File.Exists(file))
        {
            throw NetworkFile.Exists(file);
        }

        Run(targets.All, file, what);
    }

    private void FindTargets(CaptureTargets targets)
    {
        foreach (string link in ParameterSetName == "Link" ? Link : [])
        {
            string? path = Namespace?.ToPath(ResolvePath);
            if (path is not null && !File.Exists(path))
            {
                throw NamespaceErrors.NotFound(Namespace!.Text);
            }

            targets.Add(path, link);
        }

        foreach (CachedAttachment attachment in _wanted.Values)
        {
            Guard(() => targets.Add(attachment, End));
        }
    }

    private void Run(IReadOnlyList<CaptureTarget> targets, string file, string what)
    {
        List<CapturePoint> points = [];
        foreach (CaptureTarget target in targets)
        {
            points.Add(target.Point);
        }

        using PacketCapture capture = new(points, _filter, file, $"captured by Save-CniCapture: {what}");
        try
        {
            capture.Run(
                IsBound(nameof(Count)) ? Count : null,
                IsBound(nameof(Duration)) ? Duration : null,
                PassThru ? packet => WriteObject(new CniPacket(packet, targets[packet.Place])) : null,
                Cancellation);
        }
        finally
        {
            capture.End(); // also when nobody wants any more: the file is whole
        }

        WriteVerbose($"{capture.Packets} packets of {what} are in {file}");
        if (capture.Drops > 0)
        {
            WriteWarning($"{capture.Drops} packets came faster than they could be written, and are not in {file}: a filter makes them fewer.");
        }
    }
}
