using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>What a native plugin works with: the machine, the transaction its changes belong to, other plugins, and a way to be stopped.</summary>
public sealed class PluginContext : IDisposable
{
    private readonly Dictionary<string, NetworkNamespace> _namespaces = [];
    private Answer? _backend;
    private IAttachmentJudge? _judge;

    /// <summary>The machine.</summary>
    public required IHost Host { get; init; }

    /// <summary>The transaction that the operation's changes belong to.</summary>
    public required Transaction Transaction { get; init; }

    /// <summary>Runs other plugins.</summary>
    public required IPluginInvoker Plugins { get; init; }

    /// <summary>Is told every step; null if nobody wants to know.</summary>
    public IOperationObserver? Observer { get; init; }

    /// <summary>Stops the operation between two steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told again and again, on the operation's thread, while a plugin waits for somebody else; null if nobody wants to know.</summary>
    internal Action? Waiting { get; set; }

    /// <summary>Whether what a failed ADD has made is taken back; a runtime that does as libcni leaves it.</summary>
    public bool RollsBack { get; init; } = true;

    /// <summary>
    /// Cleaning up after a killed ADD: only what is provably of this attachment may be removed, since ADD may have ended before it made
    /// anything, and what is there may be another's.
    /// </summary>
    public bool OnlyOwn { get; init; }

    /// <summary>
    /// DEL: tells which addresses are written down as the attachment's (host-local's leases), for who has neither its result nor its interface to see them
    /// in. Null: nobody knows.
    /// </summary>
    internal Func<IReadOnlyList<IPAddress>>? AskLeased { get; set; }

    /// <summary>Tells the backend that is set for all networks which name none; it is asked at most once, and only where it matters.</summary>
    public Func<RuleBackend?>? AskBackend { get; init; }

    /// <summary>The backend of rules that is set for all networks which name none; null where none is.</summary>
    internal RuleBackend? Backend => (_backend ??= new Answer(AskBackend?.Invoke())).Backend;

    /// <summary>GC: the attachments that the runtime knows; null where it keeps that to itself, as one does that runs plugins as programs.</summary>
    public IAttachmentRegister? Attachments { get; init; }

    /// <summary>GC: knows what is proven gone; null where the list of valid attachments is the whole truth, as for one that does as libcni.</summary>
    public IAttachmentJudge? Judge { get; init; }

    /// <summary>ADD: makes who knows whether the holder of something that is in the way is gone; only where something is. Null: nobody knows.</summary>
    public Func<IAttachmentJudge>? AskJudge { get; init; }

    /// <summary>Why something that is in the way is somebody's; null where its holder is proven gone.</summary>
    internal string? WhyHeld(AttachmentClaim claim) =>
        (_judge ??= AskJudge?.Invoke()) is { } judge ? judge.WhyKept(claim) : "nothing here can tell whether it is gone";

    /// <summary>
    /// CHECK: the plugins of the list behind the one that is asked, which may have changed what it made; null where the runtime keeps that to
    /// itself, as one does that runs plugins as programs.
    /// </summary>
    public IReadOnlyList<PluginConfiguration>? Later { get; set; }

    /// <summary>CHECK: whether a plugin behind this one is to have changed a property of the interface, as tuning does, or may have.</summary>
    /// <param name="key">tuning's key for it: <c>mtu</c>.</param>
    internal bool IsChangedLater(string key)
    {
        if (Later is null)
        {
            return true;
        }

        foreach (PluginConfiguration plugin in Later)
        {
            JsonPath own = JsonPath.Root.Property(key), argument = JsonPath.Root.Property("args").Property("cni").Property(key);
            if (plugin.Type == "tuning" && (plugin.Locate(own) is not null || plugin.Locate(argument) is not null))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What CHECK found so far, delegates included.</summary>
    public List<Difference> Differences { get; } = [];

    /// <summary>What GC removed so far, delegates included.</summary>
    public List<CollectedThing> Collected { get; } = [];

    /// <summary>GC: makes the changes that remove something, and notes it.</summary>
    /// <exception cref="ChangeException">One failed; then nothing is noted.</exception>
    public void Collect(CollectedThing thing, params IReadOnlyList<Change> changes)
    {
        Apply(changes);
        Collected.Add(thing with { Changes = changes });
    }

    /// <summary>Makes changes.</summary>
    /// <exception cref="ChangeException">One failed.</exception>
    /// <exception cref="OperationCanceledException">The operation was stopped before them.</exception>
    public IReadOnlyList<Applied> Apply(params IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        Cancellation.ThrowIfCancellationRequested();
        return Transaction.Apply(changes);
    }

    /// <summary>Waits before the next look at what somebody else is to do.</summary>
    /// <exception cref="OperationCanceledException">The operation was stopped.</exception>
    internal void Pause(int milliseconds)
    {
        Waiting?.Invoke();
        Cancellation.WaitHandle.WaitOne(milliseconds);
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Opens the container's namespace; it stays open until the operation ends.</summary>
    /// <exception cref="CniException">There is none at that path.</exception>
    public NetworkNamespace OpenNamespace(string path) =>
        TryOpenNamespace(path, out Exception? failure) ?? throw new CniException(
            CniErrorIds.InvalidNamespace,
            CniErrorCode.Internal,
            $"failed to open netns \"{path}\": {failure?.Message}",
            innerException: failure)
        {
            Target = path,
            RecommendedAction = "Get-CniNamespace lists the namespaces there are; New-CniNamespace makes one.",
        };

    /// <summary>
    /// Whether two paths lead to the same namespace. What counts is the namespace, not its spelling: <c>/var/run/netns/x</c> is
    /// <c>/run/netns/x</c>, and a runtime may name it by a process. Where one can't be opened, only the same spelling is the same.
    /// </summary>
    internal bool IsSameNamespace(string? path, string other) => path == other
        || (!string.IsNullOrEmpty(path) && other.Length > 0
            && TryOpenNamespace(path, out _) is { } one && TryOpenNamespace(other, out _) is { } two && one.Id == two.Id);

    /// <summary>Opens the container's namespace, or gives null where there is none.</summary>
    public NetworkNamespace? TryOpenNamespace(string path, out Exception? failure)
    {
        failure = null;
        if (_namespaces.TryGetValue(path, out NetworkNamespace? ns))
        {
            return ns;
        }

        try
        {
            return _namespaces[path] = NetworkNamespace.Open(path);
        }
        catch (Exception e) when (e is LinuxException or NotANamespaceException)
        {
            failure = e;
            return null;
        }
    }

    /// <summary>Closes the namespaces that were opened.</summary>
    public void Dispose()
    {
        foreach (NetworkNamespace ns in _namespaces.Values)
        {
            ns.Dispose();
        }

        _namespaces.Clear();
    }

    private sealed record Answer(RuleBackend? Backend);
}
