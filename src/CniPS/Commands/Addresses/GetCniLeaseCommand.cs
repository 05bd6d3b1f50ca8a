using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Lists the addresses that host-local has given out, and who holds them; or those that it still has.</summary>
[Cmdlet(VerbsCommon.Get, "CniLease", DefaultParameterSetName = "Held")]
[OutputType(typeof(CniLease), ParameterSetName = ["Held"])]
[OutputType(typeof(CniAddressRange), ParameterSetName = ["Available"])]
public sealed class GetCniLeaseCommand : CniCommand
{
    /// <summary>Networks to show, with wildcards. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>Containers to show, with wildcards. Default: all.</summary>
    [Parameter(ParameterSetName = "Held", ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? ContainerId { get; set; }

    /// <summary>Addresses to show, with wildcards.</summary>
    [Parameter(ParameterSetName = "Held")]
    [SupportsWildcards]
    [TextListTransform]
    [ArgumentCompleter(typeof(HeldAddressCompleter))]
    public string[]? IPAddress { get; set; }

    /// <summary>Hardware addresses of containers' interfaces to show, with wildcards.</summary>
    [Parameter(ParameterSetName = "Held")]
    [Alias("MacAddress")]
    [SupportsWildcards]
    public string[]? Mac { get; set; }

    /// <summary>Interfaces of the host whose other ends to show, with wildcards.</summary>
    [Parameter(ParameterSetName = "Held")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LinkCompleter))]
    public string[]? HostInterface { get; set; }

    /// <summary>Ports of the host: shows what ports were asked for at ADD. Get-CniPortMapping tells whether they lead there.</summary>
    [Parameter(ParameterSetName = "Held")]
    public ushort[]? HostPort { get; set; }

    /// <summary>Shows only what is proven to be used by nobody any more: what Clear-CniNetwork would give back.</summary>
    [Parameter(ParameterSetName = "Held")]
    public SwitchParameter Stale { get; set; }

    /// <summary>How long a runtime may take for an ADD, in seconds or as a TimeSpan: an address that is younger, and in no cache, is not stale.</summary>
    [Parameter(ParameterSetName = "Held")]
    [TimeoutTransform]
    public TimeSpan Patience { get; set; } = RuntimeOptions.DefaultPatience;

    /// <summary>Shows the addresses that are free, as ranges.</summary>
    [Parameter(ParameterSetName = "Available", Mandatory = true)]
    public SwitchParameter Available { get; set; }

    /// <summary>host-local's folder. Default: those that the networks' configurations name, and <c>/var/lib/cni/networks</c>.</summary>
    [Parameter]
    public string? DataDir { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

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
    protected override object? ErrorTarget => DataDir ?? CachePath;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        Wildcards networks = new(Network), containers = new(ContainerId);
        using Machine.Loan machine = Machine.Borrow();
        string cacheFolder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        ResultCache cache = Caches.Open(machine.Host, cacheFolder);
        KnownNetworks known = KnownNetworks.Find(ResolvePath(Defaults.ConfigurationFolder), cache);
        LivenessJudge judge = new(machine.Host, cache);
        CachedAttachments attachments = new(machine.Host, judge, cacheFolder);
        AttachmentTraits traits = new(IPAddress, Mac, HostInterface, HostPort);
        string? folder = string.IsNullOrEmpty(DataDir) ? null : ResolvePath(DataDir);
        if (Available)
        {
            foreach (NetworkConfigurationList list in known.Lists)
            {
                if (networks.Fit(list.Name))
                {
                    Guard(() => Show(LeaseInventory.Available(machine.Host, list, folder)));
                }
            }
        }
        else
        {
            foreach ((string dataFolder, string network) in known.Leases(folder))
            {
                Cancellation.ThrowIfCancellationRequested();
                if (networks.Fit(network))
                {
                    Show(LeaseInventory.List(machine.Host, cache, dataFolder, network, judge, Patience), containers, traits, known, attachments, cacheFolder);
                }
            }
        }

        MissingErrors errors = new(cache, ResolvePath(Defaults.ConfigurationFolder));
        ReportMissing([.. errors.Containers(containers), .. MissingErrors.HostInterfaces(traits.HostInterfaces, machine.Host)]);
        foreach (string name in networks.Missing)
        {
            if (!known.Knows(name))
            {
                Report(new CniException(CniErrorIds.NetworkNotFound, CniErrorCode.InvalidNetworkConfig, $"there is no network {name}")
                {
                    RecommendedAction = "Get-CniNetwork lists what there is; -DataDir names another folder of addresses.",
                    Target = name,
                });
            }
        }
    }

    private void Show(IReadOnlyList<FreeAddresses> free)
    {
        foreach (FreeAddresses range in free)
        {
            WriteObject(new CniAddressRange(range));
        }
    }

    private void Show(IReadOnlyList<HeldAddress> all, Wildcards containers, AttachmentTraits traits, KnownNetworks known, CachedAttachments attachments, string cacheFolder)
    {
        foreach (HeldAddress held in all)
        {
            if (!containers.Fit(held.Lease.ContainerId) || (Stale && held.StaleReason is null) || !traits.FitAddress(held.Lease.Address))
            {
                continue;
            }

            CniAttachment? attachment = held.Attachment is { } cached ? attachments.Describe(cached, held.Verdict) : null;
            if (!traits.NeedAttachment || (attachment is not null && traits.Fit(attachment)))
            {
                WriteObject(new CniLease(held, attachment, known.PrefixOf(held.Network, held.Lease.Address), cacheFolder));
            }
        }
    }
}
