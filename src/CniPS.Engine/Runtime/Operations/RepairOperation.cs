using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// CHECK, the changes that mend what it found, and CHECK again: one mended difference can bring another to light (a bridge that is back has
/// no address yet). The changes of one round are a transaction.
/// </summary>
internal sealed class RepairOperation
{
    private const int Rounds = 5;

    private readonly Services _services;
    private readonly NetworkConfigurationList _list;
    private readonly Attachment _attachment;
    private readonly CancellationToken _cancellation;
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private readonly List<Difference> _found = [];

    internal RepairOperation(Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        _services = services;
        _list = list;
        _attachment = attachment;
        _cancellation = cancellation;
    }

    internal RepairReport Run()
    {
        if (!CheckOperation.Applies(_services, _list, _attachment))
        {
            return new RepairReport([], []);
        }

        using AttachmentGuard guard = AttachmentGuard.Enter(_services, _list.Name, _attachment, _cancellation);
        AddPreconditions.CleanLeftover(_services, guard, _attachment, _cancellation);
        for (int round = 0; ; round++)
        {
            using CheckReport report = CheckOperation.Core(_services, _list, _attachment, _cancellation);
            Note(report);
            List<Change> repairs = round < Rounds ? Untried(report) : [];
            if (repairs.Count == 0)
            {
                return Report(report);
            }

            Mend(repairs);
        }
    }

    private void Note(CheckReport report)
    {
        foreach (Difference difference in report)
        {
            if (!Contains(_found, difference))
            {
                _found.Add(difference);
            }
        }
    }

    /// <summary>The repairs that have not been made before: what didn't help once needn't be done again.</summary>
    private List<Change> Untried(CheckReport report)
    {
        List<Change> repairs = [];
        foreach (Difference difference in report)
        {
            foreach (Change change in difference.Repair)
            {
                if (_tried.Add(change.Text))
                {
                    repairs.Add(change);
                }
            }
        }

        return repairs;
    }

    // Exclusively: some of it is shared with other attachments.
    private void Mend(List<Change> repairs)
    {
        Transaction transaction = new(_services.Host, _services.Observer);
        IHost host = _services.Host;
        using IDisposable locked = host.LockNamespace(host.Namespace, exclusive: true, _cancellation);
        try
        {
            foreach (Change repair in repairs)
            {
                if (LinkAsItIs(host, repair) is { } undo)
                {
                    transaction.OnRollback(() => host.Apply([undo]));
                }
            }

            transaction.Apply(repairs);
        }
        catch (ChangeException e) when (!host.IsPlan)
        {
            IReadOnlyList<Exception> notUndone = transaction.Rollback();
            if (e.InnerException is not LinuxException { IsExists: true } || notUndone.Count > 0)
            {
                throw Failed(e, notUndone);
            }

            // Somebody else has just mended what attachments share: the next look will tell what is left.
            repairs.ForEach(repair => _tried.Remove(repair.Text));
        }
        catch (ChangeException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    // These two don't know what was before.
    private static Change? LinkAsItIs(IHost host, Change change)
    {
        switch (change)
        {
            case LinkSet set when host.FindLink(set.Namespace, set.Link.Name) is { } link:
                return new LinkSet(set.Namespace, link.Id)
                {
                    Up = set.Up is null ? null : link.IsUp,
                    Promiscuous = set.Promiscuous is null ? null : link.IsPromiscuous,
                    AllMulticast = set.AllMulticast is null ? null : link.IsAllMulticast,
                    Mtu = set.Mtu is null ? null : link.Mtu,
                    Mac = set.Mac is null ? null : link.Mac,
                    Master = set.Master is null ? null : host.FindLink(set.Namespace, link.Master)?.Id ?? default(LinkId),
                };
            case BridgePortSet set when host.FindLink(set.Namespace, set.Link.Name) is { } port:
                return set with { Hairpin = port.Hairpin, Isolated = port.Isolated };
            default:
                return null;
        }
    }

    private CniException Failed(ChangeException cause, IReadOnlyList<Exception> notUndone)
    {
        string left = notUndone.Count == 0
            ? "what this step of the repair had changed was taken back"
            : $"what this step of the repair had changed was taken back, except: {notUndone[0].Message}";
        return new CniException(RuntimeErrorIds.RepairFailed, CniErrorCode.Internal, $"failed to mend {_attachment}: {cause.Message} ({left})", innerException: cause)
        {
            Verb = "CHECK",
            Target = _attachment,
            RecommendedAction = "Test-CniAttachment -Detailed shows what is wrong. Remove the attachment and add it again where nothing else helps.",
        };
    }

    private RepairReport Report(CheckReport last)
    {
        List<Difference> remaining = [.. last];
        return new RepairReport(_found.FindAll(found => !Contains(remaining, found)), remaining);
    }

    private static bool Contains(List<Difference> list, Difference difference) => list.Exists(other =>
        other.PluginType == difference.PluginType && other.Subject == difference.Subject && other.Expected == difference.Expected);
}
