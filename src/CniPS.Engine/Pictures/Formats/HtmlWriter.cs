using CniPS.Pictures.Svg;

namespace CniPS.Pictures.Formats;

/// <summary>Writes a picture as a page for a browser, complete in itself: no scripts, fonts or files of others. It is well-formed XML as well.</summary>
internal static class HtmlWriter
{
    internal static string Write(NetworkTopology topology)
    {
        string title = Xml.Escape($"Container networks of {topology.HostName}");
        return $$"""
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{{title}}</title>
            <style>
            body{font:15px system-ui,sans-serif;margin:24px;background:#ffffff;color:#1f2328}
            h1{font-size:20px;font-weight:600;margin:0 0 4px}
            p{margin:0 0 16px;color:#656d76}
            @media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3} p{color:#9198a1} }
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>Rest the pointer on a box or a line to see more of it.</p>
            {{SvgWriter.Write(topology)}}</body>
            </html>

            """;
    }
}
