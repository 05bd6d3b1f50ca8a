using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Node.Overlay;

/// <summary>Makes the kernel have what it is to have: at first, when peers come and go, and when somebody took something away.</summary>
/// <param name="host">The machine.</param>
internal sealed class OverlayReconciler(IHost host)
{
    private const int Rounds = 4, AtOnce = 500; // changes in a system call, for which a socket's buffer has room

    /// <summary>What can't be as it is to be, by the last look.</summary>
    internal IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Looks, and changes what is not as it is to be.</summary>
    /// <param name="wanted">What is to be.</param>
    /// <param name="file">What the plugin reads.</param>
    /// <param name="content">Its text.</param>
    /// <returns>What was changed.</returns>
    /// <exception cref="ChangeException">Something could not be changed; what else could be was.</exception>
    internal IReadOnlyList<Change> Reconcile(WantedOverlay wanted, string file, ReadOnlyMemory<byte> content)
    {
        List<Change> made = [];
        ChangeException? failure = null;
        bool isMore = true;
        for (int round = 0; isMore && failure is null && round < Rounds; round++)
        {
            OverlayChanges changes = OverlayChanges.Between(host.Namespace, wanted, OverlayView.Read(host));
            Problems = [.. wanted.Problems, .. changes.Problems];
            isMore = changes.IsMore;
            foreach (Change[] some in changes.Changes.Chunk(AtOnce))
            {
                try
                {
                    made.AddRange(host.Apply(some).Select(static applied => applied.Change));
                }
                catch (ChangeException e)
                {
                    made.AddRange(e.Made.Select(static applied => applied.Change));
                    failure ??= e;
                }
            }
        }

        if (failure is null && wanted.Masqueraded.Count > 0
            && NodeMasquerade.Missing(host.Nftables(host.Namespace), host.Namespace, wanted.Masqueraded) is { Count: > 0 } rules)
        {
            made.AddRange(host.Apply([.. rules]).Select(static applied => applied.Change));
        }

        // Only now: who reads it takes the network to be there.
        if (failure is null && host.ReadFile(file) is var present && (present is null || !present.AsSpan().SequenceEqual(content.Span)))
        {
            Change[] writing = [new FolderCreate(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!), new FileWrite(file, content, 0x1a4)]; // 0755, 0644
            host.Apply(writing);
            made.Add(writing[1]);
        }

        return failure is null ? made : throw failure;
    }
}
