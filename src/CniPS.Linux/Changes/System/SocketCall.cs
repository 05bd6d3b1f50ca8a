using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>
/// A line that is sent to a service through its Unix socket: it stands in a plan, where services can't be simulated. What it would answer, and
/// change, is not known.
/// </summary>
/// <param name="Path">The socket.</param>
/// <param name="Line">The line, without its end.</param>
public sealed record SocketCall(string Path, ReadOnlyMemory<byte> Line) : Change
{
    /// <inheritdoc/>
    public override string Text =>
        $"printf '%s\\n' {ShellText.Quote(Encoding.UTF8.GetString(Line.Span))} | socat -t 300 - UNIX-CONNECT:{ShellText.Quote(Path)}";

    /// <inheritdoc/>
    public override string Operation => $"ask the service at {Path}";

    internal override Applied Plan(PlannedWorld world) => new(this);
}
