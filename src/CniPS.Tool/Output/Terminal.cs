using System;
using System.Text;
using CniPS.Plugin.Interop;

namespace CniPS.Tool.Output;

/// <summary>Where text for people goes: plain, with colours on a terminal only, and there only unless NO_COLOR is set.</summary>
internal sealed class Terminal
{
    private readonly int _fd;
    private readonly bool _colours;

    private Terminal(int fd)
    {
        _fd = fd;
        _colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb"
            && LibC.isatty(fd) == 1;
    }

    /// <summary>Standard output.</summary>
    internal static Terminal Out { get; } = new(StandardStreams.Output);

    /// <summary>Standard error.</summary>
    internal static Terminal Error { get; } = new(StandardStreams.Error);

    /// <summary>Writes a line.</summary>
    internal void Line(string text = "") => StandardStreams.Write(_fd, Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>Writes bytes as they are, and a line feed.</summary>
    internal void Line(ReadOnlySpan<byte> text) => StandardStreams.Write(_fd, [.. text, (byte)'\n']);

    /// <summary>Important.</summary>
    internal string Bold(string text) => Paint("1", text);

    /// <summary>Less important.</summary>
    internal string Dim(string text) => Paint("2", text);

    /// <summary>Good.</summary>
    internal string Good(string text) => Paint("32", text);

    /// <summary>Bad.</summary>
    internal string Bad(string text) => Paint("31", text);

    /// <summary>A command.</summary>
    internal string Command(string text) => Paint("36", text);

    private string Paint(string style, string text) => _colours ? $"\e[{style}m{text}\e[0m" : text;
}
