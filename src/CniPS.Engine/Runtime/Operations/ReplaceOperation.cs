using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Puts an attachment in the place of a living one: on the same network as it is now, or on another. DEL and ADD in one: both are planned before
/// anything is touched; the networks are locked, so that nobody takes the address in between; when ADD fails, the old one is made again. The cache has
/// the old one until the new one is made, and the journal says what goes on, so that what a killed process leaves is made again by whoever comes next.
/// </summary>
internal sealed class ReplaceOperation
{
    private readonly Services _services;
    private readonly CachedAttachment _given;
    private readonly NetworkConfigurationList _list;
    private readonly Attachment _attachment;
    private readonly CancellationToken _cancellation;

    internal ReplaceOperation(
        Services services, CachedAttachment given, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        _services = services;
        _given = given;
        _list = list;
        _attachment = attachment;
        _cancellation = cancellation;
    }

    private bool IsMove => _given.Network != _list.Name;

    internal CniResult? Run()
    {
        AddPreconditions.LookFirst(_services, _list, _attachment);
        using IDisposable? first = Lock(string.CompareOrdinal(_given.Network, _list.Name) < 0 ? _given.Network : _list.Name);
        using IDisposable? second = IsMove ? Lock(string.CompareOrdinal(_given.Network, _list.Name) < 0 ? _list.Name : _given.Network) : null;
        using AttachmentGuard guard = AttachmentGuard.EnterWithin(_services, _given.Network, _given.ToAttachment(), _cancellation);
        AddPreconditions.CleanLeftover(_services, guard, _attachment, _cancellation);
        CachedAttachment old = RequireAlive();
        if (IsMove)
        {
            AddPreconditions.ClearTheWay(_services, _list, _attachment, _cancellation);
        }

        if (_services.Host.IsPlan)
        {
            return Replace(_services, old, null);
        }

        Rehearse(old);
        Addition.Journal(() => guard.Journal?.Write(
            Intent.FirstLine(_list.Name, ListBytes.Of(_list, _services.Options), _attachment, _services.Options, _given.Network).Span));
        return Replace(_services, old, guard);
    }

    private IDisposable? Lock(string network) => AttachmentGuard.LockNetwork(_services, network, exclusive: true, _cancellation);

    private CachedAttachment RequireAlive()
    {
        CachedAttachment old = _services.Cache.Find(_given.Network, _given.ContainerId, _given.InterfaceName) ?? throw NotThere("was removed meanwhile");
        Verdict verdict = new LivenessJudge(_services.Host, _services.Cache).Judge(old);
        return verdict.IsGone || !verdict.PathHolds ? throw NotThere($"is {verdict}") : old;
    }

    // What can be known to fail is known before anything is touched.
    private void Rehearse(CachedAttachment old)
    {
        try
        {
            Replace(new Services(new PlannedHost(_services.Host), _services.Options, null), old, null);
        }
        catch (CniException e)
        {
            throw Failed(e, "nothing was changed");
        }
    }

    private CniResult? Replace(Services services, CachedAttachment old, AttachmentGuard? guard)
    {
        List<SharedThing> shared = [];
        Transaction transaction = new(services.Host, services.Observer)
        {
            Noting = guard?.Journal is not { } journal ? null : thing =>
            {
                journal.Append(Intent.SharedLine(thing).Span);
                shared.Add(thing);
            },
        };
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer) { UndoPrograms = true };
        using PluginContext context = services.Context(transaction, invoker, _cancellation);
        try
        {
            List<CniException> failures = AttachmentRemoval.Run(services, old.Configuration ?? _list, old.ToAttachment(), _cancellation, forget: false);
            if (failures.Count > 0)
            {
                throw DeleteOperation.Combine(failures);
            }

            (NetworkConfigurationList asked, Attachment asking) = KeptIdentity.Ask(_list, _attachment, old.Result);
            CniResult? result = Addition.Run(services, asked, asking, context, invoker, guard?.Journal);
            Addition.Journal(() => SharedRecord.Note(services, _list.Name, shared, _cancellation));
            CachedResult.Write(services, transaction, _list, _attachment, result, IsMove ? null : old.Path);
            if (IsMove)
            {
                Services.Apply(transaction, new FileDelete(old.Path));
            }

            guard?.Journal?.Clear();
            return result;
        }
        catch (PlanEndsException)
        {
            return null;
        }
        catch (Exception e) when (guard is not null)
        {
            string left = TakeBack(transaction, old, guard);
            throw e is OperationCanceledException ? new OperationCanceledException($"it was stopped; {left}", e, _cancellation) : Failed(e, left);
        }
    }

    /// <returns>What became of the old one, as a part of a sentence.</returns>
    private string TakeBack(Transaction transaction, CachedAttachment old, AttachmentGuard guard)
    {
        IReadOnlyList<Exception> notUndone = transaction.Rollback();
        try
        {
            Restoration.Run(_services, old);
            guard.Journal?.Clear();
            return notUndone.Count == 0 ? "the attachment is there again as it was" : $"the attachment is there again as it was, except: {notUndone[0].Message}";
        }
        catch (CniException e)
        {
            // The journal stays: the next one tries again.
            return $"and the attachment could not be made again as it was: {e.Message}; whoever works on it next, or GC, tries again";
        }
    }

    private CniException Failed(Exception cause, string left)
    {
        CniException? cni = cause as CniException;
        string what = IsMove ? $"failed to move {_attachment} from network {_given.Network} to {_list.Name}" : $"failed to update {_attachment}, network {_list.Name}";
        return new CniException(cni?.ErrorId ?? RuntimeErrorIds.ReplaceFailed, cni?.Code ?? CniErrorCode.Internal, $"{what}: {cause.Message} ({left})", innerException: cause)
        {
            PluginType = cni?.PluginType,
            Verb = IsMove ? "MOVE" : "UPDATE",
            Target = _attachment,
            Position = cni?.Position,
            RecommendedAction = cni?.RecommendedAction ?? "Mend the cause and try again.",
        };
    }

    private CniException NotThere(string why) => new(
        RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"{_given.ToAttachment()}, network {_given.Network}, {why}")
    {
        Verb = IsMove ? "MOVE" : "UPDATE",
        Target = _attachment,
        RecommendedAction = "Only what is alive can be replaced. Remove-CniAttachment removes the rest of it, Clear-CniNetwork that of all.",
    };
}
