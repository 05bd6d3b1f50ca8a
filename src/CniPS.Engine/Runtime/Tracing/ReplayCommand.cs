using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Programs;

namespace CniPS.Runtime;

/// <summary>A call as a shell command: its environment, its configuration as a here-document, and the program.</summary>
internal static class ReplayCommand
{
    private const string End = "CNI_STDIN";
    private const string UsualPath = "/opt/cni/bin";

    /// <summary>
    /// A program is run with what is remembered of the environment that it had, and nothing else. A native plugin is run as the program that the executable
    /// <c>cnips</c> is under its name.
    /// </summary>
    internal static string Of(TracedCall call, IReadOnlyList<KeyValuePair<string, string>> environment, string input)
    {
        StringBuilder text = new(call.Outcome is null ? "env" : "env -i");
        foreach ((string name, string value) in environment)
        {
            // Inside this process a plugin needs no path; as a program it must have one.
            bool needsPath = name == "CNI_PATH" && value.Length == 0 && call.Program is null;
            text.Append(' ').Append(ShellText.Quote($"{name}={(needsPath ? UsualPath : value)}"));
        }

        string end = End;
        while (input.Contains(end, StringComparison.Ordinal))
        {
            end += "_";
        }

        text.Append(' ').Append(call.Program is { } program ? ShellText.Quote(program) : $"cnips plugin {ShellText.Quote(call.Type)}");
        return text.Append($" <<'{end}'\n{input}\n{end}").ToString();
    }
}
