using System;
using System.Text;

namespace CniPS.Pictures;

/// <summary>Text as XML 1.0 and HTML take it.</summary>
internal static class Xml
{
    internal static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                escaped.Append(isPair ? text.AsSpan(i, 2) : "\ufffd");
                i += isPair ? 1 : 0;
                continue;
            }

            escaped.Append(c switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\n' => "\n",
                '\ufffe' or '\uffff' => "\ufffd",
                _ when char.IsControl(c) => "\ufffd",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
