using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace CniPS.Spec;

/// <summary>Go's <c>%q</c>: the quoting in which libcni's messages show a value.</summary>
internal static class GoText
{
    /// <summary>One value: <c>"a\tb"</c>.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            Append(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A list of values: <c>["a" "b"]</c>.</summary>
    public static string Quote(IReadOnlyList<string> texts)
    {
        var quoted = new StringBuilder("[");
        for (int i = 0; i < texts.Count; i++)
        {
            quoted.Append(i == 0 ? "" : " ").Append(Quote(texts[i]));
        }

        return quoted.Append(']').ToString();
    }

    private static void Append(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\': quoted.Append('\\').Append((char)rune.Value); break;
            case '\a': quoted.Append("\\a"); break;
            case '\b': quoted.Append("\\b"); break;
            case '\f': quoted.Append("\\f"); break;
            case '\n': quoted.Append("\\n"); break;
            case '\r': quoted.Append("\\r"); break;
            case '\t': quoted.Append("\\t"); break;
            case '\v': quoted.Append("\\v"); break;
            case < ' ' or 0x7f: quoted.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
            case ' ': quoted.Append(' '); break;
            default: AppendPrintable(quoted, rune); break;
        }
    }

    private static void AppendPrintable(StringBuilder quoted, Rune rune)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        bool hidden = category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned;
        if (!hidden)
        {
            quoted.Append(rune.ToString());
        }
        else if (rune.IsBmp)
        {
            quoted.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
        }
        else
        {
            quoted.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
        }
    }
}
