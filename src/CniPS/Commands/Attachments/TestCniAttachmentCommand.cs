using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using CniPS.Plugins;
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
        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = Find(runtime.Cache);
        if (found.Configuration is not { } network)
        {
            Report(AttachmentErrors.NotFound(found, CacheFolder, "CHECK"));
            Answer(false);
            return;
        }

        IReadOnlyList<Difference> differences = runtime.Check(network, found.Attachment, Cancellation);
        foreach (Difference difference in differences)
        {
            Show(new CniDifference(found.Network, found.Attachment, difference) { CachePath = CacheFolder });
        }

        Answer(differences.Count == 0);
    }

    private void Show(CniDifference difference)
    {
        if (Detailed)
        {
            WriteObject(difference);
        }
        else
        {
            Report(difference.ToException());
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
