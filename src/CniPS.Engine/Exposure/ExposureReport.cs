using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CniPS.Pictures;

namespace CniPS.Exposure;

/// <summary>Writes what is open as a page: one file with tables, without scripts, fonts or files of others, that prints well. It is well-formed XML as well.</summary>
public static class ExposureReport
{
    private const string Css = """
        body{font:14px system-ui,sans-serif;margin:24px auto;max-width:1200px;padding:0 16px;background:#ffffff;color:#1f2328}
        h1{font-size:20px;font-weight:600;margin:0 0 4px}h2{font-size:16px;font-weight:600;margin:28px 0 4px}p{margin:0 0 10px;color:#656d76}
        table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;background:#f6f8fa}
        th,td{border:1px solid #d1d9e0;padding:5px 9px;vertical-align:top;overflow-wrap:anywhere}
        .matrix{width:auto}.matrix td,.matrix th{text-align:center}.matrix tbody th{text-align:left}
        .open{background:#fff1e5}.closed{background:#dafbe1}.unknown{background:#fff8c5}.advice{color:#656d76}
        @media print{body{margin:0;max-width:none;font-size:10pt}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}
        td,th{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """;

    private static readonly (ExposureKind Kind, string Title, string Text)[] s_sections =
    [
        (ExposureKind.Port, "Published ports", "Ports of the host that lead to containers, and the addresses on which others come to them."),
        (ExposureKind.Lan, "Containers reached from outside", "Whoever has a route to a container's own address, and isn't kept from it, needs no published port."),
        (ExposureKind.Outbound, "Ways out", "Whether a network's containers reach what is outside, and under which address."),
        (ExposureKind.Isolation, "Networks among each other", "Rows reach columns, or don't. Rest the pointer on a cell to see by what."),
        (ExposureKind.Spoofing, "Passing for others", "What lets a container send under another's address, or be another's gateway."),
    ];

    /// <summary>The page, with line feeds, one at the end.</summary>
    /// <param name="hostName">The machine's name.</param>
    /// <param name="when">When it was looked at.</param>
    /// <param name="findings">What was found.</param>
    public static string Write(string hostName, DateTimeOffset when, IReadOnlyList<ExposureFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        string title = Xml.Escape($"What is open on {hostName}");
        StringBuilder text = new($$"""
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width"/>
            <title>{{title}}</title>
            <style>
            {{Css}}
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>{{when.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)}}. Read from the kernel and the attachments that are known; no packet was sent.</p>

            """);
        foreach ((ExposureKind kind, string heading, string about) in s_sections)
        {
            List<ExposureFinding> some = [.. findings.Where(finding => finding.Kind == kind)];
            text.Append($"<h2>{heading}</h2>\n<p>{(some.Count == 0 ? "None." : about)}</p>\n");
            if (some.Count > 0 && kind == ExposureKind.Isolation)
            {
                WriteMatrix(text, some);
            }
            else if (some.Count > 0)
            {
                WriteTable(text, kind, some);
            }
        }

        return text.Append("</body>\n</html>\n").ToString();
    }

    private static void WriteTable(StringBuilder text, ExposureKind kind, List<ExposureFinding> findings)
    {
        bool isPort = kind == ExposureKind.Port;
        text.Append($"<table><thead><tr>{(isPort ? "<th>host port</th>" : "")}<th>from</th><th>to</th><th>network</th><th></th><th>how, or why not</th></tr></thead><tbody>\n");
        foreach (ExposureFinding finding in findings)
        {
            text.Append($"<tr>{(isPort ? $"<td>{Xml.Escape(finding.HostPort ?? "")}</td>" : "")}<td>{Xml.Escape(finding.From)}</td><td>{Xml.Escape(finding.To)}</td><td>{Xml.Escape(finding.Network ?? "")}</td>");
            text.Append($"<td class=\"{ClassOf(finding)}\">{ClassOf(finding)}</td><td>{Xml.Escape(finding.Reason)}");
            text.Append(finding.Advice is { } advice ? $"<br/><span class=\"advice\">{Xml.Escape(advice)}</span></td></tr>\n" : "</td></tr>\n");
        }

        text.Append("</tbody></table>\n");
    }

    private static void WriteMatrix(StringBuilder text, List<ExposureFinding> findings)
    {
        List<string> rows = [.. findings.Select(static finding => finding.From).Distinct()], columns = [.. findings.Select(static finding => finding.To).Distinct()];
        text.Append($"<table class=\"matrix\"><thead><tr><th></th>{string.Concat(columns.Select(static column => $"<th>{Xml.Escape(column)}</th>"))}</tr></thead><tbody>\n");
        foreach (string row in rows)
        {
            text.Append($"<tr><th>{Xml.Escape(row)}</th>");
            foreach (string column in columns)
            {
                List<ExposureFinding> cell = findings.FindAll(finding => finding.From == row && finding.To == column);
                text.Append(cell.Count == 0 ? "<td></td>"
                    : $"<td class=\"{(cell.Count == 1 ? ClassOf(cell[0]) : "unknown")}\" title=\"{Xml.Escape(string.Join("; ", cell.Select(static finding => finding.Reason)))}\">"
                        + $"{string.Join("<br/>", cell.Select(finding => cell.Count == 1 ? ClassOf(finding) : $"{ClassOf(finding)} ({Xml.Escape(Whose(finding))})"))}</td>");
            }

            text.Append("</tr>\n");
        }

        text.Append("</tbody></table>\n");
    }

    private static string Whose(ExposureFinding finding) => finding.Reason.Split(": ")[0];

    private static string ClassOf(ExposureFinding finding) => finding.IsOpen switch { true => "open", false => "closed", null => "unknown" };
}
