using System.Collections.Generic;
using System.Globalization;

namespace CniPS.Pictures;

/// <summary>The words that the pictures share.</summary>
internal static class PictureText
{
    /// <summary>What an interface is, in a word or two.</summary>
    internal static string KindOf(TopologyLink link) => link.Role switch
    {
        TopologyRole.Uplink => link.Kind is null ? "uplink" : $"{link.Kind}, uplink",
        _ => link.Kind ?? "device",
    };

    /// <summary>An interface in full, a line each.</summary>
    internal static IEnumerable<string> Describe(TopologyLink link)
    {
        yield return link.Standing == PictureStanding.Present ? link.Name : $"{link.Name} ({WordOf(link.Standing)})";
        yield return string.Create(CultureInfo.InvariantCulture, $"{KindOf(link)}, {(link.IsUp ? "up" : "down")}, MTU {link.Mtu}");
        if (link.Mac is not null)
        {
            yield return link.Mac;
        }

        if (link.Network is not null)
        {
            yield return $"network {link.Network}, container {link.ContainerId}";
        }

        foreach (TopologyFact fact in link.Facts)
        {
            yield return Describe(fact, link.Standing);
        }
    }

    /// <summary>A fact in words.</summary>
    internal static string Describe(TopologyFact fact) => fact.Kind switch
    {
        TopologyFactKind.Masquerade => "masqueraded",
        TopologyFactKind.Port => $"host port {fact.Text}",
        _ => fact.Text,
    };

    /// <summary>A fact in words, with what a plan does with it where that is not what it does with its interface.</summary>
    internal static string Describe(TopologyFact fact, PictureStanding link) =>
        fact.Standing == link ? Describe(fact) : $"{Describe(fact)} ({WordOf(fact.Standing)})";

    /// <summary>What a plan does with it.</summary>
    internal static string WordOf(PictureStanding standing) => standing switch
    {
        PictureStanding.Added => "planned",
        PictureStanding.Removed => "to be removed",
        _ => "stays",
    };

    /// <summary>What is said of containers that are not shown, besides how many they are; empty for nothing.</summary>
    internal static string HiddenPorts(TopologyNamespace ns) => Count(ns.HiddenPorts, "host port");

    /// <summary>So many of something, in words; empty for none.</summary>
    internal static string Count(int count, string what) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    /// <summary>The class under which the formats know how something stands to the plan; null for what stays.</summary>
    internal static string? ClassOf(PictureStanding standing) => standing switch
    {
        PictureStanding.Added => "added",
        PictureStanding.Removed => "removed",
        _ => null,
    };

    /// <summary>A text as long as fits a box, with an ellipsis where it is longer.</summary>
    internal static string Fit(string text, int width = 36)
    {
        int taken = 0;
        for (int i = 0; i < text.Length; i++)
        {
            taken += WidthOf(text[i]);
            if (taken > width)
            {
                int end = i > 0 && char.IsLowSurrogate(text[i]) ? i - 1 : i;
                return text[..(end > 0 ? end - 1 : 0)] + "…";
            }
        }

        return text;
    }

    /// <summary>How many columns a text takes: two for a character of East Asia's scripts.</summary>
    internal static int WidthOf(string text)
    {
        int width = 0;
        foreach (char c in text)
        {
            width += WidthOf(c);
        }

        return width;
    }

    private static int WidthOf(char c) => c is >= '\u1100' and < '\u2000' or >= '\u2e80' ? 2 : 1;
}
