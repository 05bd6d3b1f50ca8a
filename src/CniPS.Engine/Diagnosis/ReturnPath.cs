using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Follows the answer of a packet that has arrived.</summary>
internal static class ReturnPath
{
    internal static void Follow(MachineView machine, Journey journey, PathWalker walker, NamespaceView start, FilteredPacket packet, Link? uplink = null)
    {
        if (walker.Arrival is not var (view, arrived) || journey.Hops[^1].Verdict == HopVerdict.Dropped)
        {
            return;
        }

        journey.IsBack = true;
        FilteredPacket answer = arrived with
        {
            Source = arrived.Destination,
            SourcePort = arrived.DestinationPort,
            Destination = arrived.Source,
            DestinationPort = arrived.SourcePort,
            IsReply = true,
            State = NftConnectionStates.Established,
            Mark = 0,
            Input = null,
            Output = null,
        };
        PathWalker back = new(machine, journey) { MadeUpBehind = uplink is null ? null : (start, uplink), BoundTo = view.VrfOf(arrived.Input) };
        back.Send(view, answer);
        if (back.Arrival is var (home, _) && home != start)
        {
            Cause astray = new("AnswerAstray", view.Name, $"the answer to {packet.Source} goes to {home.Name}", BridgeCauses.In(view, $"ip route get {arrived.Source}"));
            journey.Drop(home, "", "deliver", astray, astray.Message, answer);
        }
    }
}
