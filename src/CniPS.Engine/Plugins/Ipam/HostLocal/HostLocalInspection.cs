using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>host-local's CHECK: the attachment must hold the addresses of its result. One that nobody holds can be taken again.</summary>
internal sealed class HostLocalInspection
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly HostLocalConfiguration _configuration;
    private readonly string _folder;
    private readonly string _type;
    private readonly Predicate<IPAddress> _mayTake;

    /// <summary>Begins.</summary>
    /// <param name="type">The plugin, for its messages.</param>
    /// <param name="call">The call.</param>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="configuration">The ranges of the network.</param>
    /// <param name="mayTake">Whether an address that nobody here holds can be taken again; null: every one.</param>
    internal HostLocalInspection(
        string type, PluginCall call, PluginContext context, HostLocalConfiguration configuration, Predicate<IPAddress>? mayTake = null)
    {
        _type = type;
        _mayTake = mayTake ?? (static _ => true);
        _call = call;
        _context = context;
        _configuration = configuration;
        _folder = Path.Combine(configuration.DataFolder, call.Network);
    }

    internal IReadOnlyList<Difference> Check(IReadOnlyList<IPAddress> held)
    {
        List<Difference> differences = [];
        List<Change> repairs = [];
        foreach (IPAddress address in Expected())
        {
            if (!Contains(held, address))
            {
                Difference difference = NotHeld(address);
                differences.Add(difference);
                repairs.AddRange(difference.Repair);
            }
        }

        // The Go program only looks whether there is any.
        return held.Count > 0 ? differences :
        [
            new Difference(
                "lease",
                $"an address held by {_call.ContainerId} {_call.InterfaceName}",
                null,
                $"{_type}: Failed to find address added by container {_call.ContainerId}") { Repair = repairs },
        ];
    }

    private IEnumerable<IPAddress> Expected()
    {
        foreach (CniIPConfig ip in _call.PreviousResult?.Ips ?? [])
        {
            if (ip.Address is { } prefix && IsOurs(prefix.Address))
            {
                yield return prefix.Address;
            }
        }
    }

    private Difference NotHeld(IPAddress address)
    {
        string path = Path.Combine(_folder, address.ToString());
        Lease? other = LeaseFolder.ReadLease(_context.Host, path, address);
        return new Difference(
            $"lease of {address}",
            $"held by {_call.ContainerId} {_call.InterfaceName}",
            other is null ? "not held" : $"held by {other.ContainerId} {other.InterfaceName}".TrimEnd(),
            $"{_type}: {address} is not held by container {_call.ContainerId}")
        {
            Repair = other is not null || !_mayTake(address) ? [] : [new FolderCreate(_folder), new FileCreate(path, Lease.Content(_call.ContainerId, _call.InterfaceName))],
        };
    }

    private bool IsOurs(IPAddress address)
    {
        foreach (RangeSet set in _configuration.RangeSets)
        {
            if (set.Find(address) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(IReadOnlyList<IPAddress> list, IPAddress address)
    {
        foreach (IPAddress item in list)
        {
            if (item.Equals(address))
            {
                return true;
            }
        }

        return false;
    }
}
