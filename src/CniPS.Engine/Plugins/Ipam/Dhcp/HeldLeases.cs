using System;
using System.Collections.Generic;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The leases of a service, by client id: what becomes of them, and who is told.</summary>
/// <param name="host">The machine.</param>
/// <param name="options">How leases are got.</param>
/// <param name="log">Is told what happens to leases.</param>
internal sealed class HeldLeases(IHost host, DhcpServiceOptions options, Action<string> log)
{
    private readonly Dictionary<string, HeldLease> _leases = [];

    /// <summary>All of them, as they are now.</summary>
    internal IReadOnlyList<HeldLease> All => [.. _leases.Values];

    /// <summary>Lets time pass: what is due is sent, what has come is given to those who wait, what has ended goes.</summary>
    internal void Tick(TimeSpan now)
    {
        foreach (HeldLease lease in All)
        {
            lease.Tick(now);
            Settle(lease);
        }
    }

    /// <summary>Ends.</summary>
    /// <param name="release">Whether the leases are given back.</param>
    internal void Close(bool release)
    {
        foreach (HeldLease lease in All)
        {
            if (release)
            {
                lease.Release();
            }

            lease.Dispose();
        }
    }

    /// <summary>Answers a question.</summary>
    /// <returns>Null where the connection is answered later.</returns>
    /// <exception cref="CniException">The question makes no sense, or there is no such interface.</exception>
    internal DhcpAnswer? Answer(DhcpQuestion question, DhcpConnection connection, TimeSpan now)
    {
        switch (question.Command)
        {
            case "LIST":
                return new DhcpAnswer { Leases = List(now) };
            case "STATUS":
                return new DhcpAnswer();
            case "ADD" or "CHECK" when question.Configuration is not null:
                return Allocate(question, connection, now);
            case "DEL" when question.Configuration is not null:
                if (_leases.TryGetValue(HeldLease.IdOf(question), out HeldLease? lease))
                {
                    Release(lease);
                }

                return new DhcpAnswer();
            case "GC" when question.Configuration is { } configuration:
                Collect(configuration);
                return new DhcpAnswer();
            default:
                throw new CniException(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"the daemon doesn't understand \"{question.Command}\"");
        }
    }

    private DhcpAnswer? Allocate(DhcpQuestion question, DhcpConnection connection, TimeSpan now)
    {
        if (_leases.TryGetValue(HeldLease.IdOf(question), out HeldLease? lease) && !lease.IsThere())
        {
            Remove(lease, $"{lease.Id}: its interface is gone");
            lease = null;
        }

        if (lease?.State is not (null or DhcpState.Init or DhcpState.Selecting or DhcpState.Requesting))
        {
            return Found(lease, question, wasThere: true);
        }

        if (lease is null)
        {
            lease = new HeldLease(host, options, question, log);
            _leases.Add(lease.Id, lease);
            log($"{lease.Id}: acquiring lease");
            lease.Start(now);
        }

        connection.Question = question;
        lease.Waiting.Add(connection);
        return null;
    }

    // What became of a lease since it was looked at last.
    private void Settle(HeldLease lease)
    {
        bool wasWanted = lease.Waiting.Count > 0;
        lease.Waiting.RemoveAll(static connection => connection.IsDone);
        if (lease.State == DhcpState.Ended)
        {
            End(lease);
        }
        else if (lease.State == DhcpState.Bound)
        {
            Give(lease);
        }
        else if (wasWanted && lease.Waiting.Count == 0 && lease.Lease is null)
        {
            Remove(lease, $"{lease.Id}: nobody waits for it any more");
        }
    }

    private void Give(HeldLease lease)
    {
        foreach (DhcpConnection connection in lease.Waiting)
        {
            try
            {
                connection.Answer(Found(lease, connection.Question!, wasThere: false));
            }
            catch (CniException e)
            {
                connection.Answer(new DhcpAnswer { Error = e });
                Release(lease);
            }
        }

        lease.Waiting.Clear();
    }

    private void End(HeldLease lease)
    {
        CniException error = new(CniErrorIds.AddressUnavailable, CniErrorCode.TryAgainLater, $"no DHCP server gives {lease.Interface} an address: {lease.Failure}")
        {
            RecommendedAction = "Look whether a DHCP server is on the link: tcpdump -ni any port 67.",
        };
        lease.Waiting.ForEach(connection => connection.Answer(new DhcpAnswer { Error = error }));
        lease.Waiting.Clear();
        if (lease.Lease is not null && lease.IsThere())
        {
            log($"{lease.Id}: {lease.Failure}, bringing interface DOWN");
            lease.SetDown();
        }

        Remove(lease, $"{lease.Id}: {lease.Failure}");
    }

    private void Release(HeldLease lease)
    {
        lease.Release();
        Remove(lease, $"{lease.Id}: released");
    }

    private void Remove(HeldLease lease, string why)
    {
        log(why);
        _leases.Remove(lease.Id);
        lease.Dispose();
    }

    private void Collect(PluginConfiguration configuration)
    {
        // Whoever called this may not know of all attachments: what is there stays.
        if (ValidAttachments.Read(configuration, judge: null) is { } valid)
        {
            foreach (HeldLease lease in All)
            {
                if (lease.Network == configuration.Name && !valid.Contains(lease.ContainerId, lease.Interface) && !lease.IsThere())
                {
                    Release(lease);
                }
            }
        }
    }

    private static DhcpAnswer Found(HeldLease held, DhcpQuestion question, bool wasThere)
    {
        DhcpLease lease = held.Lease!;
        long? priority = DhcpConfiguration.Parse(question.Configuration!, question.Args).Priority;
        List<CniRoute> routes = [];
        foreach (DhcpRoute route in lease.Routes)
        {
            bool onLink = route.Router.Equals(System.Net.IPAddress.Any);
            routes.Add(new CniRoute { Destination = route.Destination, Gateway = route.Router, Scope = onLink ? 253 : null, Priority = priority });
        }

        if (lease.Prefix is not { } prefix)
        {
            throw new CniException(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, "DHCP option Subnet Mask not found in DHCPACK")
            {
                RecommendedAction = "Have the server send a subnet mask, and don't leave it out of \"request\".",
            };
        }

        return new DhcpAnswer { Result = new CniResult { Ips = [new CniIPConfig { Address = prefix, Gateway = lease.Gateway }], Routes = routes }, WasThere = wasThere };
    }

    private List<DhcpLeaseInfo> List(TimeSpan now)
    {
        List<DhcpLeaseInfo> leases = [];
        foreach (HeldLease held in _leases.Values)
        {
            leases.Add(new DhcpLeaseInfo
            {
                Network = held.Network,
                ContainerId = held.ContainerId,
                Interface = held.Interface,
                NetNS = held.NetNS,
                State = held.State,
                Address = held.Lease?.Prefix?.ToString(),
                Server = held.Lease?.Server?.ToString(),
                Expires = held.Lease is null || held.Expiry == TimeSpan.MaxValue ? null : DateTimeOffset.Now + (held.Expiry - now),
            });
        }

        return leases;
    }
}
