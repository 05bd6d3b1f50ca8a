using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// The lock of a network: shared by whoever works on an attachment of it, exclusive for GC. Plugin programs of ours take it themselves, since
/// other runtimes know nothing of it; who runs them while he holds it tells them so, or they would wait for him.
/// </summary>
public static class NetworkLock
{
    /// <summary>The environment variable that names the networks whose locks a program's caller holds: <c>DEVICE-INODE/NETWORK</c>, separated by colons.</summary>
    public const string HeldVariable = "CNIPS_HELD_NETWORKS";

    /// <summary>Takes it.</summary>
    /// <exception cref="CniException">It can't be had (<see cref="CniErrorIds.LockHeld"/>).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while waiting.</exception>
    internal static IDisposable Take(IHost host, string network, bool exclusive, CancellationToken cancellation)
    {
        try
        {
            return host.LockNetwork(FileNames.Of(network), exclusive, cancellation);
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            throw KernelErrors.Wrap(e);
        }
    }

    /// <summary>Takes it for one call of a plugin, where the call looks at attachments and its caller does not hold it.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="request">The call.</param>
    /// <param name="held">What <see cref="HeldVariable"/> says; null where it is not set.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Disposing it unlocks; null where there is nothing to lock.</returns>
    /// <exception cref="CniException">It can't be had.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while waiting.</exception>
    public static IDisposable? TakeForCall(IHost host, PluginRequest request, string? held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(request);
        return NetworkOf(request) is { } network && !IsHeld(held, host.Namespace.Id, network)
            ? Take(host, network, exclusive: request.Verb == CniVerb.GarbageCollect, cancellation)
            : null;
    }

    /// <summary>Tells a program that its caller holds its network's lock.</summary>
    /// <param name="environment">The program's environment.</param>
    /// <param name="request">The call.</param>
    /// <param name="host">The namespace it runs in.</param>
    internal static void Tell(List<KeyValuePair<string, string>> environment, PluginRequest request, NamespaceId host)
    {
        if (NetworkOf(request) is not { } network)
        {
            return;
        }

        int at = environment.FindIndex(static variable => variable.Key == HeldVariable);
        string? before = at < 0 ? null : environment[at].Value;
        if (!IsHeld(before, host, network))
        {
            environment.RemoveAll(static variable => variable.Key == HeldVariable);
            environment.Add(new(HeldVariable, before is null ? Entry(host, network) : $"{before}:{Entry(host, network)}"));
        }
    }

    private static bool IsHeld(string? held, NamespaceId host, string network) =>
        held is not null && Array.IndexOf(held.Split(':'), Entry(host, network)) >= 0;

    private static string Entry(NamespaceId host, string network) => $"{host.Key}/{FileNames.Of(network)}";

    // STATUS and VERSION look at no attachment.
    private static string? NetworkOf(PluginRequest request) =>
        request.Verb is CniVerb.Add or CniVerb.Delete or CniVerb.Check or CniVerb.GarbageCollect ? request.Configuration.Name : null;
}
