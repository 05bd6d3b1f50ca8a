using System.Linq;
using System.Net;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>
/// Follows the question for a neighbour of IPv6, and its answer: other than ARP's these are packets of IP (RFC 4861), which pass the rules of both ends, and of a
/// bridge between them that has frames pass those of ip6tables. No connection is kept track of for them.
/// </summary>
internal sealed class Discovery(MachineView machine)
{
    private const byte Solicitation = 135, Advertisement = 136, Icmp6 = 58;

    /// <summary>The place where either dies; null where both arrive.</summary>
    /// <param name="view">Who asks.</param>
    /// <param name="output">By which link.</param>
    /// <param name="path">The way to who is to answer.</param>
    /// <param name="next">For whom is asked.</param>
    /// <param name="from">The address that a packet is sent from.</param>
    internal Hop? Fails(NamespaceView view, Link output, LinkPath path, IPAddress next, IPAddress from)
    {
        IPAddress? asker = view.Addresses.Where(held => held.LinkIndex == output.Index && held.Address.IsV6)
            .OrderBy(held => !held.Address.Address.Equals(from)).Select(static held => held.Address.Address).FirstOrDefault();
        if (asker is null || path.Link.Mac is null)
        {
            return null;
        }

        Journey scratch = new();
        HookFilter filter = new(scratch);
        Crossing crossing = new(machine, scratch, filter);
        FilteredPacket question = Message(asker, Group(next), Solicitation) with { SourceMac = output.Mac, DestinationMac = path.Link.Mac };
        FilteredPacket answer = Message(next, asker, Advertisement) with { SourceMac = path.Link.Mac, DestinationMac = output.Mac };
        return filter.Pass(view, NftHookPoint.Output, question with { Output = output }) is not null
            && crossing.PassesBridges(path, question, isBack: false)
            && filter.Pass(path.View, NftHookPoint.Prerouting, question with { Input = path.Link }) is not null
            && filter.Pass(path.View, NftHookPoint.Input, question with { Input = path.Link }) is not null
            && filter.Pass(path.View, NftHookPoint.Output, answer with { Output = path.Link }) is not null
            && crossing.PassesBridges(path, answer, isBack: true)
            && filter.Pass(view, NftHookPoint.Prerouting, answer with { Input = output }) is not null
            && filter.Pass(view, NftHookPoint.Input, answer with { Input = output }) is not null
            ? null : scratch.Hops.Find(static hop => hop.Verdict == HopVerdict.Dropped);
    }

    private static FilteredPacket Message(IPAddress from, IPAddress to, byte type) =>
        new() { Source = from, Destination = to, Protocol = Icmp6, Message = type, State = NftConnectionStates.Untracked, Length = 72 };

    // The group of all who could have an address: ff02::1:ff and its last three bytes (RFC 4291, 2.7.1).
    private static IPAddress Group(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return new IPAddress([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, bytes[13], bytes[14], bytes[15]]);
    }
}
