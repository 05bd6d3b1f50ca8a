using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// A plugin of a list failed. The message names it, in libcni's words, and says what became of the rest; code, msg and details are the
/// plugin's own. The inner exception is a <see cref="ProgramException"/> for a program; for a native plugin the kernel's refusal
/// (<see cref="Linux.Host.ChangeException"/>, <see cref="Linux.LinuxException"/>) if that was the cause, else the plugin's error.
/// </summary>
public sealed class PluginCallException : CniException
{
    private readonly string _message;

    internal PluginCallException(PluginConfiguration plugin, CniVerb verb, CniException cause)
        : this($"{Describe(plugin)} failed ({Name(verb)}): {cause.Message}", plugin, verb, cause)
    {
    }

    private PluginCallException(string message, PluginConfiguration plugin, CniVerb verb, CniException cause)
        : base(cause.ErrorId, cause.Code, cause.Msg, cause.Details, Root(cause))
    {
        _message = message;
        PluginType = cause.PluginType ?? plugin.Type;
        Verb = cause.Verb ?? verb.ToCommand();
        // In the file, not in the request that was made of it.
        Position = cause.Place is { } place ? plugin.LocateOrigin(place) : cause.Position;
        RecommendedAction = cause.RecommendedAction;
        Target = cause.Target;
    }

    private PluginCallException(string message, CniException cause)
        : base(cause.ErrorId, cause.Code, cause.Msg, cause.Details, Root(cause))
    {
        _message = message;
        PluginType = cause.PluginType;
        Verb = cause.Verb ?? "ADD";
        Position = cause.Position;
        RecommendedAction = cause.RecommendedAction;
        Target = cause.Target;
    }

    /// <summary>Which plugin failed at what, why, and what became of the rest.</summary>
    public override string Message => _message;

    /// <summary>Whether what the operation had made was taken back.</summary>
    public bool RolledBack { get; private init; }

    /// <summary>What could not be taken back.</summary>
    public IReadOnlyList<Exception> NotUndone { get; private init; } = [];

    /// <summary>The same error after a rollback.</summary>
    internal static PluginCallException AfterRollback(CniException error, IReadOnlyList<Exception> notUndone) =>
        new($"{error.Message} ({RollbackText(notUndone)})", error) { RolledBack = true, NotUndone = notUndone };

    /// <summary>What became of a rollback, as a part of a sentence.</summary>
    internal static string RollbackText(IReadOnlyList<Exception> notUndone)
    {
        if (notUndone.Count == 0)
        {
            return "everything that this ADD had made was rolled back";
        }

        StringBuilder text = new("what this ADD had made was rolled back, except: ");
        for (int i = 0; i < notUndone.Count; i++)
        {
            text.Append(i == 0 ? "" : "; ").Append(notUndone[i].Message);
        }

        return text.ToString();
    }

    // What is said here in full need not be said again inside.
    private static Exception Root(CniException cause) => cause is ProgramException ? cause : cause.InnerException ?? cause;

    private static string Describe(PluginConfiguration plugin) =>
        string.IsNullOrEmpty(plugin.Name) ? $"plugin type=\"{plugin.Type}\"" : $"plugin type=\"{plugin.Type}\" name=\"{plugin.Name}\"";

    private static string Name(CniVerb verb) => verb switch
    {
        CniVerb.Add => "add",
        CniVerb.Delete => "delete",
        CniVerb.Check => "check",
        CniVerb.GarbageCollect => "gc",
        CniVerb.Status => "status",
        _ => "version",
    };
}
