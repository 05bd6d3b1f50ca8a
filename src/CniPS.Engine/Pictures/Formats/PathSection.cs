using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Diagnosis;

namespace CniPS.Pictures.Formats;

/// <summary>Writes the ways of packets for a page: whether they arrive, what is wrong, and each place with what was decided there.</summary>
internal static class PathSection
{
    internal static void Write(StringBuilder text, IReadOnlyList<PathReport> reports)
    {
        foreach (PathReport report in reports)
        {
            string arrives = report.IsReachable ? "arrives, and is answered" : "does not arrive";
            text.Append($"<section class=\"way\"><h2>A packet from {Xml.Escape(report.From)} to {Xml.Escape(Target(report))} {arrives}</h2>\n");
            foreach (Cause cause in report.Causes)
            {
                text.Append($"<p class=\"cause\"><b>{Xml.Escape(cause.Message)}</b><br/><code>{Xml.Escape(cause.Advice)}</code></p>\n");
            }

            text.Append("<table><thead><tr><th></th><th>where</th><th>what</th><th>decided</th><th>by</th></tr></thead><tbody>\n");
            foreach (Hop hop in report.Hops)
            {
                string sign = hop.IsBack ? "←" : "→", where = hop.Interface.Length > 0 ? $"{hop.Namespace}/{hop.Interface}" : hop.Namespace;
                text.Append($"<tr class=\"{hop.Verdict.ToString().ToLowerInvariant()}\"><td>{sign}</td>");
                foreach (string cell in (string[])[where, hop.Stage, hop.Decision, hop.Evidence == hop.Decision ? "" : hop.Evidence])
                {
                    text.Append($"<td>{Xml.Escape(cell)}</td>");
                }

                text.Append("</tr>\n");
            }

            text.Append("</tbody></table></section>\n");
        }
    }

    private static string Target(PathReport report) =>
        report.Destination is { } address && address.ToString() is var text && text != report.To ? $"{report.To} ({text})" : report.To;
}
