using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>Tells whether an attachment is as ADD left it (CHECK): true or false, with an error for each difference.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CniAttachment")]
[OutputType(typeof(bool), typeof(CniDifference))]
public sealed class TestCniAttachmentCommand : ExistingAttachmentCommand
{
    /// <summary>Emits the differences as objects, and neither true or false nor errors for them.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>
    /// How many containers are worked on at a time where many come down the pipeline; those of one container always one after the other. Default: as many as
    /// suit the machine. With 1 each is finished, and emitted, before the next is asked for.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 128)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    private protected override int AtOnce => ThrottleLimit;

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
        AttachmentQuery query = Query;
        string cachePath = CacheFolder;
        NetworkSource networks = Networks.For(Network);
        ItemPlace place = Place;
        if (!DoTogether(query.Container ?? "", (runtime, _) => Check(runtime, query, networks, cachePath, place)))
        {
            using Machine.Loan machine = Machine.Borrow();
            Check(CreateRuntime(machine.Host, new CommandObserver(this)), query, networks, cachePath, place)();
        }
    }

    private Action Check(CniRuntime runtime, AttachmentQuery query, NetworkSource networks, string cachePath, ItemPlace place)
    {
        AttachmentLookup found = AttachmentLookup.Find(query, runtime.Cache, networks);
        if (found.Configuration is not { } network)
        {
            return () =>
            {
                Report(AttachmentErrors.NotFound(found, cachePath, "CHECK"), place);
                Answer(false);
            };
        }

        using CheckReport report = runtime.Check(network, found.Attachment, Cancellation);
        List<CniDifference> differences = [.. report.Select(difference => new CniDifference(found.Network, found.Attachment, difference) { CachePath = cachePath })];
        return () =>
        {
            differences.ForEach(difference => Show(difference, place));
            Answer(differences.Count == 0);
        };
    }

    private void Show(CniDifference difference, ItemPlace place)
    {
        if (Detailed)
        {
            WriteObject(difference);
        }
        else
        {
            Report(difference.ToException(), place);
        }
    }

    private void Answer(bool asItShouldBe)
    {
        if (!Detailed)
        {
            WriteObject(asItShouldBe);
        }
    }
}
