using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>How packets travel between nodes (flannel's Documentation/backends.md).</summary>
/// <param name="IsTunnel">Whether in UDP packets (<c>vxlan</c>); else by plain routes (<c>host-gw</c>).</param>
internal sealed record FlannelBackend(bool IsTunnel)
{
    private const string Vxlan = "vxlan", HostGateway = "host-gw";
    private const int MostVni = (1 << 24) - 1;

    /// <summary>As a node's key has it.</summary>
    internal string Type => IsTunnel ? Vxlan : HostGateway;

    /// <summary>The number of the VXLAN.</summary>
    internal int Vni { get; private init; } = 1;

    /// <summary>The UDP port.</summary>
    internal ushort Port { get; private init; } = VxlanSettings.DefaultPort;

    /// <summary>The MTU of the outer packets; null for the uplink's.</summary>
    internal int? Mtu { get; private init; }

    /// <summary>Whether peers on the same network are reached by plain routes.</summary>
    internal bool DirectRouting { get; private init; }

    /// <summary>Whether the tunnel notes from which machine a frame came.</summary>
    internal bool Learning { get; private init; }

    /// <summary>The name of a tunnel's device.</summary>
    internal string DeviceOf(bool v6) => v6 ? $"flannel-v6.{Vni}" : $"flannel.{Vni}";

    /// <summary>Reads it.</summary>
    /// <exception cref="CniException">Something in it is not right, or nothing that CniPS has.</exception>
    internal static FlannelBackend Read(FlannelJson json)
    {
        string? type = json.Text("Type");
        if (type is not (Vxlan or HostGateway))
        {
            throw json.Error($"Type is {type ?? "missing"}: CniPS has vxlan and host-gw");
        }

        if (json.Is("GBP"))
        {
            throw json.Error("GBP is true, which CniPS has not");
        }

        int vni = json.Number("VNI") ?? 1, port = json.Number("Port") ?? 0, mtu = json.Number("MTU") ?? 0;
        return new FlannelBackend(type == Vxlan)
        {
            Vni = vni is > 0 and <= MostVni ? vni : throw json.Error($"VNI is {vni}, and must be from 1 to {MostVni}"),
            Port = port is >= 0 and <= ushort.MaxValue ? port == 0 ? VxlanSettings.DefaultPort : (ushort)port : throw json.Error($"Port is {port}"),
            Mtu = mtu == 0 ? null : mtu is >= 576 and <= 65535 ? mtu : throw json.Error($"MTU is {mtu}"),
            DirectRouting = json.Is("DirectRouting"),
            Learning = json.Is("Learning"),
        };
    }
}
