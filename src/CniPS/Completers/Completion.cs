using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;
using CniPS.Facts;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>
/// What all completers share. They run at every press of Tab, with whatever rights the user has: they read files only, open no socket, and
/// never throw.
/// </summary>
public abstract class Completion : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        try
        {
            Find(new Candidates(found), new BoundParameters(fakeBoundParameters, commandName, wordToComplete ?? ""));
        }
        catch (Exception e) when (e is CniException or LinuxException or System.IO.IOException or UnauthorizedAccessException)
        {
            // What can't be read is not offered.
        }

        List<CompletionResult> offers = Offer(wordToComplete ?? "", found);
        return offers.Count == 0 && AcceptsPaths && IsPath(wordToComplete) ? CompletionCompleters.CompleteFilename(wordToComplete) : offers;
    }

    /// <summary>Whether a path can stand there as well.</summary>
    private protected virtual bool AcceptsPaths => false;

    /// <summary>Finds what could stand there.</summary>
    private protected abstract void Find(Candidates candidates, BoundParameters given);

    /// <summary>The attachments in the cache.</summary>
    private protected static IReadOnlyList<CachedAttachment> Cached(BoundParameters given)
    {
        using Machine.Loan machine = Machine.Borrow();
        return Caches.Open(machine.Host, given["CachePath"] ?? Defaults.CachePath).List();
    }

    /// <summary>An attachment in words.</summary>
    private protected static string Describe(CachedAttachment cached) =>
        $"{cached.Network}, {cached.InterfaceName} in {NamedNamespaces.NameOf(cached.NetNS) ?? cached.NetNS}";

    private static List<CompletionResult> Offer(string word, SortedDictionary<string, string> found)
    {
        // The word may have a quote at its start already.
        WildcardPattern pattern = WildcardPattern.Get(WildcardPattern.Escape(word.Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
        List<CompletionResult> offers = [];
        foreach ((string text, string toolTip) in found)
        {
            if (pattern.IsMatch(text))
            {
                offers.Add(new CompletionResult(CommandText.Quote(text), text, CompletionResultType.ParameterValue, toolTip));
            }
        }

        return offers;
    }

    private static bool IsPath(string? word) => word is not null && (word.Contains('/') || word.StartsWith('~') || word.StartsWith('.'));

    /// <summary>Collects what could stand there, with a tooltip each; the first one counts.</summary>
    private protected readonly struct Candidates(SortedDictionary<string, string> found)
    {
        internal void Add(string text, string toolTip)
        {
            if (text.Length > 0)
            {
                found.TryAdd(text, toolTip);
            }
        }
    }

    /// <summary>The parameters that are on the command line already.</summary>
    private protected readonly struct BoundParameters(IDictionary? bound, string command, string word)
    {
        /// <summary>The command that they are for.</summary>
        internal string Command => command;

        /// <summary>The word so far, without a quotation mark at its start.</summary>
        internal string Word => word.Trim('\'', '"');

        /// <summary>A parameter as text, or null.</summary>
        internal string? this[string name] => bound?[name]?.ToString() is { Length: > 0 } text ? text : null;

        /// <summary>Whether something fits a parameter, if that is given at all.</summary>
        internal bool Allows(string name, params ReadOnlySpan<string?> values) => this[name] is not { } wanted || values.Contains(wanted);
    }
}
