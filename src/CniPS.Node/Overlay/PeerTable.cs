using System;
using System.Collections.Generic;
using CniPS.Node.Flannel;
using CniPS.Node.Store;
using CniPS.Spec;
using Mvccpb;

namespace CniPS.Node.Overlay;

/// <summary>Whose subnets there are, by flannel's keys: as they were listed, and what happened to them since.</summary>
/// <param name="prefix">What flannel's keys begin with.</param>
internal sealed class PeerTable(string prefix)
{
    private readonly Dictionary<string, SubnetLease> _leases = [];
    private readonly Dictionary<string, long> _storeLeases = [];
    private readonly HashSet<string> _unreadable = [];
    private readonly System.Threading.Lock _lock = new();

    /// <summary>What all its keys begin with.</summary>
    internal string Folder => prefix + "/subnets/";

    /// <summary>Everybody's subnets.</summary>
    internal IReadOnlyList<SubnetLease> Leases
    {
        get
        {
            lock (_lock)
            {
                return [.. _leases.Values];
            }
        }
    }

    /// <summary>What one key holds; null where there is none.</summary>
    internal SubnetLease? Find(string key)
    {
        lock (_lock)
        {
            return _leases.GetValueOrDefault(key);
        }
    }

    /// <summary>The store's lease that a key hangs on; 0 for none: then it is a reservation, which stays.</summary>
    internal long StoreLeaseOf(string key)
    {
        lock (_lock)
        {
            return _storeLeases.GetValueOrDefault(key);
        }
    }

    /// <summary>Takes what was listed in the place of all that was known.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="log">Is told of keys that can't be read.</param>
    internal void Reset(IReadOnlyList<KeyValue> keys, Action<string> log)
    {
        lock (_lock)
        {
            _leases.Clear();
            _storeLeases.Clear();
            foreach (KeyValue key in keys)
            {
                Put(key, log);
            }
        }
    }

    /// <summary>Takes what was known before, until the store is there.</summary>
    internal void Remember(IReadOnlyList<SubnetLease> leases)
    {
        lock (_lock)
        {
            foreach (SubnetLease lease in leases)
            {
                _leases.TryAdd(lease.Key, lease);
            }
        }
    }

    /// <summary>Takes what this node has put itself, before the store tells it.</summary>
    internal void Put(SubnetLease own, long storeLease)
    {
        lock (_lock)
        {
            _leases[own.Key] = own;
            _storeLeases[own.Key] = storeLease;
        }
    }

    /// <summary>Takes what happened.</summary>
    internal void Apply(IReadOnlyList<Event> events, Action<string> log)
    {
        lock (_lock)
        {
            foreach (Event one in events)
            {
                if (one.Type == Event.Types.EventType.Delete)
                {
                    _leases.Remove(NameOf(one.Kv));
                    _storeLeases.Remove(NameOf(one.Kv));
                }
                else
                {
                    Put(one.Kv, log);
                }
            }
        }
    }

    // A key that can't be read is passed over, as flannel does: it must not keep a node from all the others. It is told once.
    private void Put(KeyValue key, Action<string> log)
    {
        string name = NameOf(key);
        _leases.Remove(name);
        _storeLeases[name] = key.Lease;
        try
        {
            _leases[name] = SubnetLease.Parse(name, key.Value.Memory);
            _unreadable.Remove(name);
        }
        catch (CniException e)
        {
            if (_unreadable.Add(name))
            {
                log($"{e.Message}: passed over");
            }
        }
    }

    private string NameOf(KeyValue key) => key.Key.ToStringUtf8()[Folder.Length..];
}
