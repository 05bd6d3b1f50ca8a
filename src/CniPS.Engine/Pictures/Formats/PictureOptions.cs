using System.Collections.Generic;
using CniPS.Diagnosis;

namespace CniPS.Pictures.Formats;

/// <summary>How a picture is to be drawn.</summary>
public sealed record PictureOptions
{
    /// <summary>How many containers of each network a picture has room for where nothing else is said.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Packets that were followed (<see cref="PathMarks"/>): a page tells of each place on their ways.</summary>
    public IReadOnlyList<PathReport> Paths { get; init; } = [];

    /// <summary>Containers to show of each network, and how many more there are; null for all. A page lists all of them below its picture.</summary>
    public int? Limit { get; init; }
}
