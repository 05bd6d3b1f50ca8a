using System;
using CniPS.Pictures.Svg;

namespace CniPS.Pictures.Formats;

/// <summary>Writes pictures.</summary>
public static class Picture
{
    /// <summary>A picture in one of the formats, with line feeds, one at the end.</summary>
    /// <param name="topology">What to draw.</param>
    /// <param name="format">The format.</param>
    /// <param name="options">How to draw it; null for all of it.</param>
    public static string Write(NetworkTopology topology, PictureFormat format, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        if (format == PictureFormat.Html)
        {
            return HtmlWriter.Write(topology, options ?? new PictureOptions());
        }

        topology = options?.Limit is { } limit ? topology.Fold(limit) : topology;
        return format switch
        {
            PictureFormat.Mermaid => MermaidWriter.Write(topology),
            PictureFormat.Dot => DotWriter.Write(topology),
            PictureFormat.Svg => SvgWriter.Write(topology),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary>The format that a file's name asks for; null where it asks for none that is known.</summary>
    public static PictureFormat? FormatOf(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mmd" or ".mermaid" => PictureFormat.Mermaid,
        ".dot" or ".gv" => PictureFormat.Dot,
        ".svg" => PictureFormat.Svg,
        ".html" or ".htm" or ".xhtml" => PictureFormat.Html,
        _ => null,
    };
}
