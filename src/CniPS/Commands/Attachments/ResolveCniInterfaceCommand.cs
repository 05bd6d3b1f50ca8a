using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Tells whose an interface is: from the host's end (<c>vethd3adb33f</c>) to container, namespace, interface and attachment, and with
/// -Namespace the other way round. What the kernel says of both ends counts; nothing is guessed from names or numbers.
/// </summary>
[Cmdlet(VerbsDiagnostic.Resolve, "CniInterface")]
[OutputType(typeof(CniInterfaceOwner))]
public sealed class ResolveCniInterfaceCommand : CniCommand
{
    /// <summary>
    /// Interfaces of the host, with wildcards; with -Namespace, of the container. For a bridge, each of its ports is answered. Default: all that
    /// lead somewhere.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName", "HostInterface")]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string[] Interface { get; set; } = ["*"];

    /// <summary>The container's namespace, where the interface is the container's: its name, path, process id, or an object.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference? Namespace { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => Interface is [{ } first, ..] ? first : null;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (Namespace is { Text: "" })
        {
            // As an attachment has it of which no namespace is known. The host's interface of that name is none of its business.
            throw new CniException(ModuleErrorIds.InterfaceNotFound, CniErrorCode.Unknown, $"{Interface[0]} is in a namespace of which no path is known")
            {
                RecommendedAction = "Give -Namespace, or leave it out to ask for an interface of the host.",
                Target = Interface[0],
            };
        }

        string folder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        using Machine.Loan machine = Machine.Borrow();
        using InterfaceResolver resolver = new(machine.Host, Caches.Open(machine.Host, folder).List());
        string? path = string.IsNullOrEmpty(Namespace?.Text) ? null : Namespace.ToPath(ResolvePath);
        if (path is not null && !System.IO.File.Exists(path))
        {
            throw NamespaceErrors.NotFound(Namespace!.Text);
        }

        using NetworkNamespace? container = path is null ? null : NetworkNamespace.Open(path);
        CachedAttachments attachments = new(machine.Host, new LivenessJudge(machine.Host, Caches.Open(machine.Host, folder)), folder);
        Wildcards names = new(Interface);
        HashSet<(int?, string?, int?)> told = [];
        foreach (Link link in machine.Host.GetLinks(container ?? machine.Host.Namespace))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (!names.Fit(link.Name))
            {
                continue;
            }

            // Behind a wildcard, what leads nowhere is of no interest; and a bridge may say again what its ports say.
            bool named = System.Array.IndexOf(Interface, link.Name) >= 0;
            IReadOnlyList<InterfaceEnds> found = container is null ? resolver.FromHost(link)
                : resolver.FromContainer(container, link.Name) is { } ends ? [ends] : [];
            foreach (InterfaceEnds end in found)
            {
                bool leads = end is { Inside: not null, Outside: not null } || end.Attachment is not null;
                if (named || (leads && told.Add((end.Outside?.Index, end.Namespace?.Path, end.Inside?.Index))))
                {
                    WriteObject(Describe(end, attachments));
                }
            }
        }

        foreach (string missing in names.Missing)
        {
            Report(NotFound(missing, container));
        }
    }

    private static CniInterfaceOwner Describe(InterfaceEnds ends, CachedAttachments attachments) =>
        new(ends, ends.Attachment is { } cached ? attachments.Describe(cached) : null);

    private static CniException NotFound(string name, NetworkNamespace? container)
    {
        string place = container is null ? "on the host" : $"in namespace {container}";
        return new CniException(ModuleErrorIds.InterfaceNotFound, CniErrorCode.Unknown, $"there is no interface {name} {place}")
        {
            RecommendedAction = container is null
                ? "ip link lists what there is. For a container's interface, give -Namespace as well."
                : $"Invoke-CniCommand {container} -- ip link lists what there is.",
            Target = name,
        };
    }
}
