using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// The addresses of one network: a folder with a file for each, shared in name, format and lock with the Go program. An address is won
/// by creating its file (O_EXCL); the lock makes looking and taking one step.
/// </summary>
internal sealed class LeaseStore : IDisposable
{
    private const uint LockMode = 0x1E8; // 0750, as the Go program makes it
    private const string LastReserved = "last_reserved_ip.";

    private readonly PluginContext _context;
    private readonly string _folder;
    private readonly IDisposable _lock;
    private readonly LeaseIndex? _index;

    private LeaseStore(PluginContext context, string folder, IDisposable held, LeaseIndex? index)
    {
        _context = context;
        _folder = folder;
        _lock = held;
        _index = index;
    }

    /// <summary>Opens a network's addresses, exclusively.</summary>
    internal static LeaseStore Open(PluginContext context, string dataFolder, string network)
    {
        string folder = Path.Combine(dataFolder, network);
        string lockPath = Path.Combine(folder, "lock");
        if (!context.Host.FileExists(lockPath) && !context.Host.FileExists(folder))
        {
            context.Apply(new FolderCreate(folder));
        }

        LookAt(context, folder);

        IDisposable held = context.Host.LockFile(lockPath, exclusive: true, LockMode, context.Cancellation);
        try
        {
            // A plan must not touch the index, and need not be quick.
            LeaseIndex? index = context.Host.IsPlan ? null : LeaseIndex.TryOpen(dataFolder, network);
            return new LeaseStore(context, folder, held, index);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // Whoever can write the folder decides who has which address; and through a link root's files would be written.
    private static void LookAt(PluginContext context, string folder)
    {
        if (StateFolder.IsLink(folder))
        {
            throw new CniException(
                CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, $"the addresses' folder {folder} is a symbolic link, and those are not followed here")
            {
                Target = folder,
                RecommendedAction = "Name the folder that is meant itself (dataDir).",
            };
        }

        if (StateFolder.IsOpenToAll(folder))
        {
            context.Observer?.Warn($"{folder}: every user can write it, and so take and give back the network's addresses. Mend it: chmod o-w {folder}");
        }
    }

    /// <summary>The addresses that an attachment holds; those of an old file without an interface only if there is no other.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="interfaceName">Its interface.</param>
    /// <param name="atLeast">
    /// How many it should have: where fewer are noted, every file is read. One that was rewritten in place is under its old holder's name, and
    /// the folder's time tells nothing of it.
    /// </param>
    internal IReadOnlyList<IPAddress> Find(string containerId, string interfaceName, int atLeast = 0)
    {
        IReadOnlyList<IPAddress> noted = FindNoted(containerId, interfaceName);
        return _index is null || noted.Count >= atLeast ? noted : FindRead(containerId, interfaceName);
    }

    private IReadOnlyList<IPAddress> FindNoted(string containerId, string interfaceName)
    {
        if (_index is not null)
        {
            _index.Refresh(_folder, Scan);

            List<IPAddress> found = Confirm(_index.Find(StableHash.Of(Lease.Content(containerId, interfaceName))), l => l.IsOf(containerId, interfaceName));
            found = found.Count > 0 ? found : Confirm(_index.Find(StableHash.Of(containerId)), l => l.IsOldOf(containerId));
            if (!_index.IsLost)
            {
                return found;
            }
        }

        return FindRead(containerId, interfaceName);
    }

    private List<IPAddress> FindRead(string containerId, string interfaceName)
    {
        List<IPAddress> exact = [], old = [];
        foreach (Lease lease in Scan())
        {
            if (lease.IsOf(containerId, interfaceName))
            {
                exact.Add(lease.Address);
            }
            else if (lease.IsOldOf(containerId))
            {
                old.Add(lease.Address);
            }
        }

        return exact.Count > 0 ? exact : old;
    }

    /// <summary>Every address that is given out. An empty file is taken away: whoever made it was killed before he wrote it, since we have the lock.</summary>
    internal IEnumerable<Lease> Scan()
    {
        foreach (string name in _context.Host.ListFiles(_folder))
        {
            if (!IpText.TryParse(name, out IPAddress? address) || Read(address) is not { } lease)
            {
                continue;
            }

            if (lease.IsEmpty)
            {
                _context.Apply(new FileDelete(PathOf(address)));
            }
            else
            {
                yield return lease;
            }
        }
    }

    /// <summary>Takes an address.</summary>
    /// <returns>Whether it was free.</returns>
    internal bool TryTake(string containerId, string interfaceName, IPAddress address, int rangeSet)
    {
        try
        {
            _context.Apply(new FileCreate(PathOf(address), Lease.Content(containerId, interfaceName)));
        }
        catch (ChangeException e) when (e.InnerException is Linux.LinuxException { IsExists: true })
        {
            if (Read(address) is not { IsEmpty: true })
            {
                return false;
            }

            _context.Apply(new FileDelete(PathOf(address)));
            return TryTake(containerId, interfaceName, address, rangeSet);
        }

        _index?.Add(StableHash.Of(Lease.Content(containerId, interfaceName)), address);
        _context.Apply(new FileWrite(PathOf(LastReserved, rangeSet), Encoding.UTF8.GetBytes(address.ToString()), InPlace: true));
        return true;
    }

    /// <summary>Gives an address back.</summary>
    internal void Release(string containerId, string interfaceName, IPAddress address)
    {
        _context.Apply(new FileDelete(PathOf(address)));
        Forget(containerId, interfaceName, address);
    }

    /// <summary>Gives back, for GC, what its holder will not.</summary>
    internal void Collect(Lease lease, string network)
    {
        CollectedThing thing = new(CollectedKind.Lease, network, lease.Address.ToString(), lease.ContainerId, lease.InterfaceName);
        _context.Collect(thing, new FileDelete(PathOf(lease.Address)));
        Forget(lease.ContainerId, lease.InterfaceName ?? "", lease.Address);
    }

    /// <summary>What a lease says of whom it serves.</summary>
    internal AttachmentClaim ClaimOf(Lease lease, string network) => new(network)
    {
        ContainerId = lease.ContainerId,
        InterfaceName = lease.InterfaceName,
        Addresses = [lease.Address],
        Since = new DateTimeOffset(File.GetLastWriteTimeUtc(PathOf(lease.Address)), TimeSpan.Zero),
    };

    private void Forget(string containerId, string interfaceName, IPAddress address)
    {
        _index?.Remove(StableHash.Of(Lease.Content(containerId, interfaceName)), address);
        _index?.Remove(StableHash.Of(containerId), address);
    }

    /// <summary>The address that was given out last from a range set, or null.</summary>
    internal IPAddress? LastOf(int rangeSet) =>
        _context.Host.ReadFile(PathOf(LastReserved, rangeSet), own: true) is { } content
        && IpText.TryParse(Encoding.UTF8.GetString(content).Trim(), out IPAddress? address) ? address : null;

    /// <summary>Unlocks.</summary>
    public void Dispose()
    {
        try
        {
            _index?.Close(_folder);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private List<IPAddress> Confirm(List<IPAddress> candidates, Predicate<Lease> isOf)
    {
        candidates.RemoveAll(address => Read(address) is not { } lease || !isOf(lease));
        return candidates;
    }

    private Lease? Read(IPAddress address) =>
        LeaseFolder.ReadLease(_context.Host, PathOf(address), address);

    private string PathOf(IPAddress address) => Path.Combine(_folder, address.ToString());

    private string PathOf(string prefix, int rangeSet) => Path.Combine(_folder, $"{prefix}{rangeSet}");
}
