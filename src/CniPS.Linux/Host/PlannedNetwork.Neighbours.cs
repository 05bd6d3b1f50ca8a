using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Linux.Host;

/// <content>Neighbours, and what a VXLAN forwards to which machine.</content>
internal sealed partial class PlannedNetwork
{
    private List<Neighbour>? _neighbours;
    private List<ForwardingEntry>? _forwarding;

    internal IReadOnlyList<Neighbour> GetNeighbours(int link) => link == 0 ? [.. Neighbours] : Neighbours.FindAll(n => n.LinkIndex == link);

    internal bool HasNeighbour(string link, IPAddress address, MacAddress? mac) => Find(link) is { } found && Neighbours.Exists(n =>
        n.LinkIndex == found.Index && n.Address.Equals(address) && (mac is null || (n.Mac == mac && n.State.HasFlag(NeighbourState.Permanent))));

    internal void SetNeighbour(string operation, string link, IPAddress address, MacAddress mac)
    {
        int index = Require(operation, link).Index;
        RemoveNeighbour(link, address);
        Neighbours.Add(new Neighbour(address, index, NeighbourState.Permanent, mac));
    }

    internal void RemoveNeighbour(string link, IPAddress address)
    {
        int index = Find(link)?.Index ?? 0;
        Neighbours.RemoveAll(n => n.LinkIndex == index && n.Address.Equals(address));
    }

    internal IReadOnlyList<ForwardingEntry> GetForwardingDatabase(int link) => link == 0 ? [.. Forwarding] : Forwarding.FindAll(entry => entry.Port == link);

    internal bool HasForwarding(string link, MacAddress mac, IPAddress remote) =>
        Find(link) is { } found && Forwarding.Exists(entry => entry.Port == found.Index && entry.Mac == mac && remote.Equals(entry.Remote));

    internal void SetForwarding(string operation, string link, MacAddress mac, IPAddress remote)
    {
        int index = Require(operation, link).Index;
        Forwarding.RemoveAll(entry => entry.Port == index && entry.Mac == mac);
        Forwarding.Add(new ForwardingEntry(mac, index, 0, 0, IsPermanent: true) { Remote = remote });
    }

    internal void RemoveForwarding(string link, MacAddress mac, IPAddress remote)
    {
        int index = Find(link)?.Index ?? 0;
        Forwarding.RemoveAll(entry => entry.Port == index && entry.Mac == mac && remote.Equals(entry.Remote));
    }

    private List<Neighbour> Neighbours => _neighbours ??= [.. _real.GetNeighbours(_namespace)];

    private List<ForwardingEntry> Forwarding => _forwarding ??= [.. _real.GetForwardingDatabase(_namespace)];
}
