using CniPS.Tests;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>A private machine with a link to be a master, "m0", on its host; the other end, "eth0", is in another namespace, "switch".</summary>
internal static class MasterNetwork
{
    internal static TestNetwork Create()
    {
        TestNetwork network = new();
        string outside = network.Container("switch"), host = network.HostName;
        Sandbox.Run(
            $"ip -n {host} link add m0 mtu 1400 type veth peer name eth0 mtu 1400 netns {outside} && ip -n {host} link set m0 up "
            + $"&& ip -n {outside} addr add 10.15.20.1/24 dev eth0 && ip -n {outside} addr add fd00:15::1/64 dev eth0 nodad && ip -n {outside} link set eth0 up");
        return network;
    }
}
