using System.Management.Automation;

namespace CniPS.Commands;

/// <summary>A command that shows what a cache of results knows of some networks and containers.</summary>
public abstract class CacheFilterCommand : FilterCommand
{
    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <summary>The cache's folder, absolute.</summary>
    private protected string CacheFolder => ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);

    /// <inheritdoc/>
    protected override object? ErrorTarget => CachePath;
}
