namespace CniPS.Pictures.Formats;

/// <summary>The formats in which a picture can be written.</summary>
public enum PictureFormat
{
    /// <summary>Mermaid's flowchart: for Markdown pages (mermaid.js.org).</summary>
    Mermaid,

    /// <summary>Graphviz's language (graphviz.org).</summary>
    Dot,

    /// <summary>A picture complete in itself: no fonts, scripts or files of others.</summary>
    Svg,

    /// <summary>A page with that picture, for a browser.</summary>
    Html,
}
