using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Lists the attachments that the cache holds, with what became of each.</summary>
[Cmdlet(VerbsCommon.Get, "CniAttachment")]
[OutputType(typeof(CniAttachment))]
public sealed class GetCniAttachmentCommand : CacheFilterCommand
{
    private readonly HashSet<string> _passedOver = new(StringComparer.Ordinal);

    /// <summary>Namespaces to show, by name or path, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Namespace { get; set; }

    /// <summary>Interfaces to show, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string[]? Interface { get; set; }

    /// <summary>Addresses to show, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [TextListTransform]
    [ArgumentCompleter(typeof(HeldAddressCompleter))]
    public string[]? IPAddress { get; set; }

    /// <summary>Hardware addresses of containers' interfaces to show, with wildcards.</summary>
    [Parameter]
    [Alias("MacAddress")]
    [SupportsWildcards]
    public string[]? Mac { get; set; }

    /// <summary>Interfaces of the host whose other ends to show, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string[]? HostInterface { get; set; }

    /// <summary>Ports of the host: shows what ports were asked for at ADD. Get-CniPortMapping tells whether they lead there.</summary>
    [Parameter]
    public ushort[]? HostPort { get; set; }

    /// <summary>What became of them: Alive, Foreign, InterfaceGone, NamespaceGone, Unknown. Default: all.</summary>
    [Parameter]
    public CniAttachmentState[]? State { get; set; }

    /// <summary>Sessions (of New-PSSession) with other machines: these are asked, all at the same time, and not this one.</summary>
    [Parameter]
    public PSSession[]? Session { get; set; }

    /// <summary>Those of the sessions' machines to ask, with wildcards. Objects from one machine are asked about on that one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSComputerName")]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <inheritdoc/>
    private protected override PSSession[]? Sessions => Session is null ? null : RemoteQuestion.Of(Session, Node);

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string folder = CacheFolder;
        Wildcards networks = new(Network), containers = new(ContainerId), namespaces = new(Namespace), interfaces = new(Interface);
        AttachmentTraits traits = new(IPAddress, Mac, HostInterface, HostPort);
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, folder);
        CachedAttachments attachments = new(machine.Host, new LivenessJudge(machine.Host, cache), folder);
        foreach (CachedAttachment cached in cache.Enumerate(PassOver))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (networks.Fit(cached.Network) && containers.Fit(cached.ContainerId) && interfaces.Fit(cached.InterfaceName)
                && namespaces.Fit(Linux.Namespaces.NamedNamespaces.NameOf(cached.NetNS), cached.NetNS))
            {
                CniAttachment attachment = attachments.Describe(cached);
                if (traits.Fit(attachment) && (State is null || Array.IndexOf(State, attachment.Seen.State) >= 0))
                {
                    WriteObject(attachment);
                }
            }
        }

        MissingErrors errors = new(cache, ResolvePath(Defaults.ConfigurationFolder));
        ReportMissing([
            .. errors.Networks(networks), .. errors.Containers(containers), .. errors.Namespaces(namespaces, ResolvePath), .. errors.Interfaces(interfaces),
            .. MissingErrors.HostInterfaces(traits.HostInterfaces, machine.Host),
        ]);
    }

    private void PassOver(string path, string reason)
    {
        if (_passedOver.Add(path))
        {
            WriteWarning($"The cache file {path} is passed over: {reason}.");
        }
    }
}
