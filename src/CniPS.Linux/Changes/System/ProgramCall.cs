using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>A program that would be run: it stands in a plan, where programs can't be simulated. What it would change is not known.</summary>
/// <param name="Path">The program.</param>
/// <param name="Variables">What is added to its environment.</param>
/// <param name="Input">Its standard input.</param>
/// <param name="Namespace">Where it would run.</param>
public sealed record ProgramCall(
    string Path, IReadOnlyList<KeyValuePair<string, string>> Variables, ReadOnlyMemory<byte> Input, NetworkNamespace Namespace) : Change
{
    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            StringBuilder text = new();
            text.Append("printf %s ").Append(ShellText.Quote(Encoding.UTF8.GetString(Input.Span))).Append(" | ");
            foreach ((string name, string value) in Variables)
            {
                text.Append(name).Append('=').Append(ShellText.Quote(value)).Append(' ');
            }

            return text.Append(ShellText.Inside(Namespace, ShellText.Quote(Path))).ToString();
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"run {Path}";

    internal override Applied Plan(PlannedWorld world) => new(this);
}
