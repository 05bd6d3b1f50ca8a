using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Why a namespace doesn't send on what is for others.</summary>
internal static class ForwardingCauses
{
    /// <summary>Null where it does.</summary>
    internal static Cause? Off(NamespaceView view, Link input, bool v6)
    {
        string all = v6 ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward";
        string one = $"net/ipv4/conf/{input.Name}/forwarding";
        bool isOn = view.Number(all) != 0;
        if (v6 ? isOn : view.Number(one) != 0)
        {
            return null;
        }

        return isOn
            ? Cause.Mended("ForwardingOffOnInterface", view.Name, $"{view.Name} forwards, but nothing that comes in by {input.Name}", new SysctlWrite(view.Namespace, one, "1"))
            : Cause.Mended("ForwardingOff", view.Name, $"{view.Name} forwards no IPv{(v6 ? 6 : 4)} packets", new SysctlWrite(view.Namespace, all, "1"));
    }

    /// <summary>Whether the reverse path is one that the namespace accepts (RFC 3704, net.ipv4.conf.*.rp_filter); null for yes.</summary>
    internal static Cause? ReversePath(MachineView machine, NamespaceView view, Link input, FilteredPacket packet)
    {
        if (packet.IsV6 || input.IsLoopback)
        {
            return null;
        }

        string one = $"net/ipv4/conf/{input.Name}/rp_filter", any = "net/ipv4/conf/all/rp_filter";
        if (view.TypeOf(packet.Source) == RouteType.Local)
        {
            return view.Number($"net/ipv4/conf/{input.Name}/accept_local") != 0 ? null : new Cause(
                "SourceIsLocal", view.Name, $"{view.Name} takes nothing from {packet.Source} by {input.Name}: that is an address of its own", $"give one of them another address");
        }

        int strictness = System.Math.Max(view.Number(one), view.Number(any));
        if (strictness == 0)
        {
            return null;
        }

        RouteDecision back = view.Namespace.Decide(new RouteQuery(packet.Source) { OutputLink = view.VrfOf(input)?.Index ?? 0 });
        bool isAccepted = back is { IsWay: true, Type: RouteType.Unicast } && (strictness == 2 || back.LinkIndex == input.Index);
        if (isAccepted)
        {
            return null;
        }

        string why = back.IsWay ? $"it would answer by {view.NameOf(back.LinkIndex)}" : $"it has no way back ({back.Refusal})";
        string message = $"{view.Name} drops what comes from {packet.Source} by {input.Name}: {why} (rp_filter {strictness})";
        if (LostRoutes.Instead(machine, view, packet.Source) is { Count: > 0 } right)
        {
            return Cause.Mended("ReversePathFiltered", view.Name, message, right); // the filter does what it is there for
        }

        string value = back.IsWay ? "2" : "0";
        return view.Number(any) == 0 || (value == "2" && strictness == view.Number(one))
            ? Cause.Mended("ReversePathFiltered", view.Name, message, new SysctlWrite(view.Namespace, one, value))
            : Cause.Mended("ReversePathFiltered", view.Name, message, new SysctlWrite(view.Namespace, any, value), new SysctlWrite(view.Namespace, one, value));
    }

    internal static Cause Loop(NamespaceView view, IPAddress destination) =>
        new("RoutingLoop", view.Name, $"packets to {destination} go round and round", BridgeCauses.In(view, $"ip route get {destination}"));
}
