using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Namespaces;

namespace CniPS.Commands;

/// <summary>Lists network namespaces: those with names, and on request those of processes.</summary>
[Cmdlet(VerbsCommon.Get, "CniNamespace")]
[OutputType(typeof(CniNamespace))]
public sealed class GetCniNamespaceCommand : CniCommand
{
    /// <summary>
    /// Names to show, with wildcards; or a path, a process or its id, for the namespace that is there. What is named without wildcards and is
    /// not there is an error.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Namespace")]
    [NamespaceNameTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Looks through all processes as well: which are in which namespace, and in which namespaces without a name.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The folder in which results are kept, for the attachments in each namespace.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        NamespaceList list = new(
            machine.Host,
            ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath),
            reason => WriteVerbose($"Attachments are not shown: {reason}"));
        List<string> texts = [], missing = [];
        Dictionary<NamespaceId, string> places = [];
        foreach (string text in Name ?? [])
        {
            if (PlaceOf(text) is not { } path)
            {
                texts.Add(text);
            }
            else if (NetworkNamespace.TryIdentify(path) is { } id)
            {
                places.TryAdd(id, path);
            }
            else
            {
                missing.Add(text);
            }
        }

        Wildcards names = new([.. texts]);
        bool any = Name is null or { Length: 0 };
        HashSet<NamespaceId> seen = [];
        foreach (CniNamespace ns in All ? list.WithProcesses() : list.Named())
        {
            Cancellation.ThrowIfCancellationRequested();
            bool isMeant = (any || texts.Count > 0) && names.Fit(ns.Name, ns.Path);
            if (ns.Identity is { } id && places.ContainsKey(id))
            {
                isMeant = true;
                seen.Add(id);
            }

            if (isMeant)
            {
                WriteObject(ns);
            }
        }

        foreach ((NamespaceId id, string path) in places)
        {
            if (!seen.Contains(id))
            {
                WriteObject(list.Describe(path, id));
            }
        }

        missing.AddRange(names.Missing);
        foreach (string text in missing)
        {
            Report(NamespaceErrors.NotFound(text));
        }
    }

    /// <summary>The path that a text stands for, unless it is a name, a named namespace's path, or has wildcards.</summary>
    private string? PlaceOf(string text)
    {
        NamespaceReference reference = new(text);
        if (WildcardPattern.ContainsWildcardCharacters(text) || !reference.IsNameless)
        {
            return null;
        }

        string path = reference.ToPath(ResolvePath);
        return NamedNamespaces.NameOf(path) is null ? path : null;
    }
}
