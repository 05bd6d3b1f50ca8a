using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The interface inside the container: addresses, state and routes, as the Go plugins' ConfigureIface gives them.</summary>
internal sealed class ContainerInterface
{
    private const byte OperationallyUp = 6, UnknownState = 0;
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(5), s_carrierTime = TimeSpan.FromSeconds(1);

    private readonly PluginContext _context;
    private readonly IHost _host;
    private readonly NetworkNamespace _container;
    private readonly LinkId _link;

    internal ContainerInterface(PluginContext context, NetworkNamespace container, LinkId link)
    {
        _context = context;
        _host = context.Host;
        _container = container;
        _link = link;
    }

    /// <summary>Whether it announces its IPv6 addresses when it comes up, as it does its IPv4 addresses (ndisc_notify).</summary>
    internal bool AnnounceNeighbours { get; set; }

    /// <summary>Whether the kernel announces the IPv4 addresses when the interface comes up; else <see cref="Announce"/> is to be called.</summary>
    internal bool KernelAnnounces { get; init; } = true;

    /// <summary>Gives the interface its addresses, sets it up and adds its routes, in one batch.</summary>
    /// <param name="plan">Addresses and routes.</param>
    /// <param name="detectDuplicates">Whether IPv6 addresses are used only when nobody else has them; null leaves that to the kernel's parameters.</param>
    internal void Configure(AddressPlan plan, bool? detectDuplicates)
    {
        List<Change> changes = [];
        if (plan.HasV6)
        {
            changes.AddRange(V6Parameters(_container, _link, detectDuplicates));
            if (AnnounceNeighbours)
            {
                changes.Add(new SysctlWrite(_container, $"net/ipv6/conf/{_link.Name}/ndisc_notify", "1") { Optional = true, KeepOld = false });
            }
        }

        // The kernel announces what is there when it comes up. Where it need not, an IPv4 address is added 20 microseconds faster afterwards.
        if (KernelAnnounces)
        {
            changes.Add(new ArpNotifySet(_container, _link));
            AddAddresses(changes, plan, v6: false, detectDuplicates);
        }

        AddAddresses(changes, plan, v6: true, detectDuplicates);
        changes.Add(new LinkSet(_container, _link) { Up = true });
        if (!KernelAnnounces)
        {
            AddAddresses(changes, plan, v6: false, detectDuplicates);
        }

        foreach (RouteEntry route in plan.RoutesToMake())
        {
            changes.Add(new RouteAdd(_container, _link, route));
        }

        if (!KernelAnnounces)
        {
            changes.Add(new ArpNotifySet(_container, _link)); // for the next time
        }

        ApplyBesideOthers(_context, changes);
    }

    /// <summary>Makes changes, and where another interface has a route to the same destination already, those of this one before it.</summary>
    internal static void ApplyBesideOthers(PluginContext context, List<Change> changes)
    {
        try
        {
            context.Apply(changes);
        }
        catch (ChangeException e) when (e is { Change: RouteAdd, InnerException: LinuxException { IsExists: true } })
        {
            context.Apply(BesideOthers(changes, e.Made));
        }
    }

    private void AddAddresses(List<Change> changes, AddressPlan plan, bool v6, bool? detectDuplicates)
    {
        foreach (CniIPConfig ip in plan.Addresses)
        {
            if (ip.Address is { } address && address.IsV6 == v6)
            {
                changes.Add(new AddressAdd(_container, _link, address, NoDuplicateDetection: v6 && detectDuplicates == false));
            }
        }
    }

    // Another interface has a route to the same destination, as a default route: both stay, this one first, as with the Go plugins.
    private static List<Change> BesideOthers(List<Change> changes, IReadOnlyList<Applied> made)
    {
        List<Change> rest = [];
        foreach (Change change in changes)
        {
            bool isMade = false;
            foreach (Applied applied in made)
            {
                isMade |= ReferenceEquals(applied.Change, change);
            }

            if (!isMade)
            {
                rest.Add(change is RouteAdd route ? route with { Beside = true } : change);
            }
        }

        return rest;
    }

    /// <summary>Tells the neighbours whose the addresses are, while the caller goes on.</summary>
    internal void Announce(AddressPlan plan, MacAddress mac)
    {
        List<IPAddress> addresses = new(plan.Addresses.Count);
        foreach (CniIPConfig ip in plan.Addresses)
        {
            addresses.Add(ip.Address!.Value.Address);
        }

        if (addresses.Count > 0)
        {
            _host.Announce(_container, _link.Index, mac, addresses);
        }
    }

    /// <summary>Sets the interface up, without addresses.</summary>
    internal void SetUp() => _context.Apply(new LinkSet(_container, _link) { Up = true });

    /// <summary>Waits until the kernel has made sure that nobody else has the IPv6 addresses.</summary>
    internal void WaitForAddresses(AddressPlan plan)
    {
        if (!plan.HasV6 || _host.IsPlan)
        {
            return;
        }

        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            bool tentative = false;
            foreach (InterfaceAddress address in _host.GetAddresses(_container, _link.Index))
            {
                if (address.IsDuplicate)
                {
                    throw NotReady($"link {_link.Name} has address {address.Address.Address} in DADFAILED state");
                }

                tentative |= address is { IsTentative: true, IsGlobal: true, Address.IsV6: true };
            }

            if (!tentative)
            {
                return;
            }

            // Without a carrier nobody can be asked; the kernel will when there is one.
            if (waited.Elapsed > s_carrierTime && _host.FindLink(_container, _link.Index) is { OperationalState: not (OperationallyUp or UnknownState) })
            {
                return;
            }

            if (waited.Elapsed > s_settleTime)
            {
                throw NotReady($"link {_link.Name} still has tentative addresses after {s_settleTime.TotalSeconds:0} seconds");
            }

            _context.Pause(waited.ElapsedMilliseconds < 100 ? 2 : 50);
        }
    }

    private CniException NotReady(string message) =>
        new(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"failed to settle addresses for \"{_link.Name}\": {message}")
        {
            Target = _link.Name,
            RecommendedAction = "Somebody else has the address, or the bridge does not forward: look at its ports (bridge link).",
        };

    /// <summary>What makes an interface one for IPv6, before it has an address.</summary>
    /// <param name="container">The container's namespace.</param>
    /// <param name="link">The interface.</param>
    /// <param name="detectDuplicates">As in <see cref="Configure"/>.</param>
    internal static List<Change> V6Parameters(NetworkNamespace container, LinkId link, bool? detectDuplicates)
    {
        string conf = $"net/ipv6/conf/{link.Name}";
        List<Change> changes =
        [
            new SysctlWrite(container, "net/ipv6/conf/lo/disable_ipv6", "0") { Optional = true },
            new SysctlWrite(container, $"{conf}/disable_ipv6", "0") { KeepOld = false },
            new SysctlWrite(container, $"{conf}/keep_addr_on_down", "1") { Optional = true, KeepOld = false },
        ];
        if (detectDuplicates == true)
        {
            changes.Add(new SysctlWrite(container, $"{conf}/enhanced_dad", "1") { Optional = true, KeepOld = false });
        }

        if (detectDuplicates is { } detect)
        {
            changes.Add(new SysctlWrite(container, $"{conf}/accept_dad", detect ? "1" : "0") { Optional = true, KeepOld = false });
        }

        return changes;
    }
}
