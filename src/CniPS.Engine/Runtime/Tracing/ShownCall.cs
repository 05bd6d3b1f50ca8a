using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A call as it may be shown to anybody: values of keys that look like credentials (<see cref="Credentials"/>) are masked.</summary>
public sealed class ShownCall
{
    private readonly TracedCall _call;

    internal ShownCall(TracedCall call)
    {
        _call = call;
        Input = Hide(call.Input);
        Environment = [.. call.Environment.Select(variable => variable.Key == "CNI_ARGS" ? new(variable.Key, Credentials.HidePairs(variable.Value)) : variable)];
    }

    /// <summary>The configuration.</summary>
    public string Input { get; }

    /// <summary>The environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; }

    /// <summary>What came out.</summary>
    public string Output => Hide(_call.Output);

    /// <summary>The changes, each as a command. Where the configuration has something to hide, so has the cached result that it stands in.</summary>
    public IReadOnlyList<string> Changes => [.. _call.Changes.Select(change => Input == _call.Input ? change.Text : change.Brief)];

    /// <summary>The shell command that makes the call again, once what is masked is put in; null for what the runtime itself did.</summary>
    public string? Replay => _call.Replay is null ? null : ReplayCommand.Of(_call, Environment, Input);

    private static string Hide(string text) => text.Contains('{', System.StringComparison.Ordinal) ? Credentials.Hide(Encoding.UTF8.GetBytes(text)) : text;
}
