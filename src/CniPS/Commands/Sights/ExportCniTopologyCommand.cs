using System.IO;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Pictures;
using CniPS.Pictures.Formats;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Draws a picture of the containers' networks: as Mermaid, for Graphviz, as SVG, or as a page for a browser.</summary>
[Cmdlet(VerbsData.Export, "CniTopology", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class ExportCniTopologyCommand : TopologyCommand
{
    /// <summary>The file to write. Without it the picture's text goes down the pipeline.</summary>
    [Parameter]
    [Alias("OutFile", "FilePath")]
    public string? Path { get; set; }

    /// <summary>The format. Default: what the file's ending says, else Mermaid.</summary>
    [Parameter]
    public PictureFormat Format { get; set; }

    /// <summary>
    /// How many containers of each network to draw; how many more there are stands beside them. What a plan changes comes first, and stays. 0 for
    /// all. Default: 20; a page (HTML) draws all up to 30, else five of each network, and lists all of them below.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Limit { get; set; }

    /// <summary>Leaves a file that is there already as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

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
        if (!IsBound(nameof(Format)) && !string.IsNullOrEmpty(Path))
        {
            if (Picture.FormatOf(Path) is not { } format)
            {
                Refuse(
                    CniErrorIds.InvalidArgs, $"{Path} doesn't say in which format to draw",
                    "Give -Format, or a name that ends with .svg, .html, .mmd or .dot.", Path);
                return;
            }

            Format = format;
        }
    }

    /// <inheritdoc/>
    private protected override void Draw(NetworkTopology topology)
    {
        int? limit = !IsBound(nameof(Limit)) ? (Format == PictureFormat.Html ? null : PictureOptions.DefaultLimit) : Limit == 0 ? int.MaxValue : Limit;
        string picture = Picture.Write(topology, Format, new PictureOptions { Limit = limit });
        if (string.IsNullOrEmpty(Path))
        {
            WriteObject(picture.TrimEnd('\n'));
            return;
        }

        string file = ResolvePath(Path);
        if (ShouldProcess(file, $"Write the picture of {topology.HostName}'s networks"))
        {
            if (NoClobber && File.Exists(file))
            {
                throw NetworkFile.Exists(file);
            }

            using Machine.Loan machine = Machine.Borrow();
            NetworkFile.Apply(machine.Host, new FileWrite(file, Encoding.UTF8.GetBytes(picture), 0x1A4)); // 0644
        }
    }
}
