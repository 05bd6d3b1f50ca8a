using System;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// What an operation on one attachment holds while it lasts: its network's lock, shared, so that GC waits; and the attachment's journal,
/// which is its lock and its intent record in one, so that nobody takes a living operation for a dead one.
/// </summary>
internal sealed class AttachmentGuard : IDisposable
{
    internal const string JournalFolder = "intents";

    private const uint FileMode = 0x180; // 0600

    private readonly IDisposable? _network;

    private AttachmentGuard(IDisposable? network, JournalFile? journal)
    {
        _network = network;
        Journal = journal;
    }

    /// <summary>The journal; null in a plan, and where there are to be neither locks nor intents.</summary>
    internal JournalFile? Journal { get; }

    /// <summary>Waits for whoever works on the attachment.</summary>
    /// <exception cref="Spec.CniException">A lock can't be had.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while waiting.</exception>
    internal static AttachmentGuard Enter(Services services, string network, Attachment attachment, CancellationToken cancellation)
    {
        IDisposable? networkLock = LockNetwork(services, network, exclusive: false, cancellation);
        try
        {
            return new AttachmentGuard(networkLock, OpenJournal(services, network, attachment, cancellation));
        }
        catch
        {
            networkLock?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As <see cref="Enter"/>, for what must work on a full disk, too: where there is no room for a journal, the whole network is locked instead.
    /// </summary>
    internal static AttachmentGuard EnterAnyway(Services services, string network, Attachment attachment, CancellationToken cancellation)
    {
        try
        {
            return Enter(services, network, attachment, cancellation);
        }
        catch (CniException e) when (e.InnerException is LinuxException { IsFull: true })
        {
            services.Observer?.Warn($"{e.Message}: nobody else may work on network {network} until this is done.");
            return new AttachmentGuard(LockNetwork(services, network, exclusive: true, cancellation), null);
        }
    }

    /// <summary>As <see cref="Enter"/>, by one who holds the network's lock already.</summary>
    internal static AttachmentGuard EnterWithin(Services services, string network, Attachment attachment, CancellationToken cancellation) =>
        new(null, OpenJournal(services, network, attachment, cancellation));

    /// <summary>Locks a network: shared for work on one attachment, exclusive for all of them.</summary>
    internal static IDisposable? LockNetwork(Services services, string network, bool exclusive, CancellationToken cancellation) =>
        services.Options.Locks && !services.Host.IsPlan ? NetworkLock.Take(services.Host, network, exclusive, cancellation) : null;

    private static JournalFile? OpenJournal(Services services, string network, Attachment attachment, CancellationToken cancellation)
    {
        if (!(services.Options.Locks || services.Options.Intents) || services.Host.IsPlan)
        {
            return null;
        }

        try
        {
            return services.InOwnFolder(
                JournalFolder,
                FileNames.Of(network, attachment.ContainerId, attachment.InterfaceName),
                path => JournalFile.Open(path, FileMode, cancellation));
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            throw KernelErrors.Wrap(e);
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Dispose()
    {
        Journal?.Dispose();
        _network?.Dispose();
    }
}
