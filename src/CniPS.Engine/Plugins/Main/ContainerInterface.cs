using System;
using System.Collections.Generic;
using System.Diagnostics;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The interface inside the container: addresses, state and routes, as the Go plugins' ConfigureIface gives them.</summary>
internal sealed class ContainerInterface
{
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(5);

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

    /// <summary>Gives the interface its addresses, sets it up and adds its routes, in one batch.</summary>
    internal Link Configure(AddressPlan plan, bool detectDuplicates)
    {
        List<Change> changes = [];
        AddSysctls(changes, plan.HasV6, detectDuplicates);
        foreach (CniIPConfig ip in plan.Addresses)
        {
            changes.Add(new AddressAdd(_container, _link, ip.Address!.Value));
        }

        int up = changes.Count;
        changes.Add(new LinkSet(_container, _link) { Up = true });
        foreach (RouteEntry route in plan.RoutesToMake())
        {
            changes.Add(new RouteAdd(_container, _link, route));
        }

        return _context.Apply(changes)[up].Link ?? Look();
    }

    /// <summary>Sets the interface up, without addresses.</summary>
    internal Link SetUp() => _context.Apply(new LinkSet(_container, _link) { Up = true })[0].Link ?? Look();

    /// <summary>The interface as it is.</summary>
    internal Link Look() => _host.FindLink(_container, _link.Name) ?? throw new CniException(
        CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"failed to lookup \"{_link.Name}\": Link not found") { Target = _link.Name };

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

            if (waited.Elapsed > s_settleTime)
            {
                throw NotReady($"link {_link.Name} still has tentative addresses after {s_settleTime.TotalSeconds:0} seconds");
            }

            _context.Cancellation.WaitHandle.WaitOne(waited.ElapsedMilliseconds < 100 ? 2 : 50);
            _context.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private CniException NotReady(string message) =>
        new(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"failed to settle addresses for \"{_link.Name}\": {message}")
        {
            Target = _link.Name,
            RecommendedAction = "Somebody else has the address, or the bridge does not forward: look at its ports (bridge link).",
        };

    private void AddSysctls(List<Change> changes, bool hasV6, bool detectDuplicates)
    {
        string name = _link.Name;
        if (detectDuplicates)
        {
            changes.Add(Quietly($"net/ipv6/conf/{name}/enhanced_dad", "1"));
        }

        changes.Add(Quietly($"net/ipv6/conf/{name}/accept_dad", detectDuplicates ? "1" : "0"));
        // The kernel announces the address by gratuitous ARP.
        changes.Add(Quietly($"net/ipv4/conf/{name}/arp_notify", "1"));
        if (hasV6)
        {
            changes.Add(new SysctlWrite(_container, "net/ipv6/conf/lo/disable_ipv6", "0") { Optional = true });
            changes.Add(new SysctlWrite(_container, $"net/ipv6/conf/{name}/disable_ipv6", "0") { KeepOld = false });
            changes.Add(new SysctlWrite(_container, $"net/ipv6/conf/{name}/keep_addr_on_down", "1") { KeepOld = false });
        }
    }

    private SysctlWrite Quietly(string name, string value) => new(_container, name, value) { Optional = true, KeepOld = false };
}
