using System;
using System.IO;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS;

/// <summary>A network namespace as it was named on a command line: by name, by path, or by process id.</summary>
public sealed class NamespaceReference
{
    /// <summary>Names a namespace.</summary>
    /// <param name="text">
    /// A path if it has a <c>/</c> in it or a <c>~</c> at the start; else a name, or, if there is no such name, the id of a process.
    /// </param>
    public NamespaceReference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>The name, path or process id.</summary>
    public string Text { get; }

    /// <summary>The name, path or process id.</summary>
    public override string ToString() => Text;

    /// <summary>The namespace's path, whether or not there is anything.</summary>
    /// <param name="resolve">Makes a path absolute.</param>
    /// <exception cref="CniException">The text is neither a path nor can it be a name.</exception>
    internal string ToPath(Func<string, string> resolve)
    {
        if (IsPath)
        {
            return resolve(Text);
        }

        if (!NamedNamespaces.IsValidName(Text))
        {
            throw new CniException(CniErrorIds.InvalidName, CniErrorCode.Unknown, $"\"{Text}\" is no name of a namespace")
            {
                RecommendedAction = "Give a name (Get-CniNamespace lists them), a path, or the id of a process.",
                Target = Text,
            };
        }

        return IsProcess ? $"/proc/{Text}/ns/net" : NamedNamespaces.PathOf(Text);
    }

    /// <summary>Whether it is a path or a process's id, and not a name.</summary>
    internal bool IsNameless => IsPath || IsProcess;

    /// <summary>The process that it is by, if there is neither such a process nor such a name.</summary>
    internal static string? GoneProcess(string text)
    {
        string id = text.StartsWith("/proc/", StringComparison.Ordinal) && text.EndsWith("/ns/net", StringComparison.Ordinal) ? text[6..^7] : text;
        bool isId = id.Length > 0 && !id.AsSpan().ContainsAnyExceptInRange('0', '9');
        return isId && !Directory.Exists($"/proc/{id}") && !NamedNamespaces.Exists(text) ? id : null;
    }

    private bool IsPath => Text.Contains('/') || Text.StartsWith('~');

    private bool IsProcess =>
        !Text.AsSpan().ContainsAnyExceptInRange('0', '9') && Directory.Exists($"/proc/{Text}") && !NamedNamespaces.Exists(Text);
}
