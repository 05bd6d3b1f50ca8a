using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Demo;

/// <summary>Tells the demo: chapters, commands, what they change, and whether things are as they should be.</summary>
internal sealed class Narrator : IOperationObserver
{
    private readonly Terminal _terminal = Terminal.Out;
    private int _chapters;

    /// <summary>How many things were looked at.</summary>
    internal int Looked { get; private set; }

    /// <summary>How many of them were not as they should be.</summary>
    internal int Wrong { get; private set; }

    /// <summary>The title.</summary>
    internal void Title(string title, string subtitle)
    {
        _terminal.Line(_terminal.Bold(title));
        _terminal.Line(_terminal.Dim(subtitle));
    }

    /// <summary>The next chapter.</summary>
    internal void Chapter(string title)
    {
        _terminal.Line();
        _terminal.Line(_terminal.Bold($"{++_chapters}. {title}"));
    }

    /// <summary>A sentence.</summary>
    internal void Say(string text) => _terminal.Line($"   {text}");

    /// <summary>A command, before it is run.</summary>
    internal void Command(string command) => _terminal.Line($"   {_terminal.Dim("$")} {_terminal.Command(command)}");

    /// <summary>What a file or a result holds.</summary>
    internal void Show(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            _terminal.Line($"     {line}");
        }
    }

    /// <summary>A result.</summary>
    internal void Show(CniResult result) => Show(Encoding.UTF8.GetString(result.ToJson()));

    /// <summary>Something that should be so.</summary>
    internal void Expect(bool so, string text)
    {
        Looked++;
        Wrong += so ? 0 : 1;
        _terminal.Line($"   {(so ? _terminal.Good("ok") : _terminal.Bad("NO"))} {text}");
    }

    /// <summary>Something that went wrong.</summary>
    internal void Fail(Exception error)
    {
        Looked++;
        Wrong++;
        _terminal.Line($"   {_terminal.Bad("NO")} {error.Message}");
    }

    /// <summary>The end.</summary>
    internal void End(TimeSpan time)
    {
        _terminal.Line();
        string verdict = Wrong == 0
            ? _terminal.Good($"All {Looked} things looked at are as they should be")
            : _terminal.Bad($"{Wrong} of {Looked} things looked at are not as they should be");
        _terminal.Line($"{verdict}, after {time.TotalMilliseconds:0} ms.");
    }

    void IOperationObserver.Changed(Change change) => _terminal.Line($"       {change.Brief}");

    void IOperationObserver.Warn(string message) => Say(message);

    void IOperationObserver.Calling(string type, PluginRequest request, string? program) =>
        _terminal.Line(_terminal.Dim($"     {type} {request.Verb.ToCommand()}"));

    void IOperationObserver.Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }
}
