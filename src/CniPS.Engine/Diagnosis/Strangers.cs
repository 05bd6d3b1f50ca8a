using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Somebody outside, who is made up: an address of an uplink's subnet that is not the host's own.</summary>
internal static class Strangers
{
    internal static IPAddress Of(NamespaceView host, InterfaceAddress held)
    {
        byte[] bytes = held.Address.Network.Address.GetAddressBytes();
        for (int i = 1; i < 4; i++)
        {
            bytes[^1]++;
            IPAddress candidate = new(bytes);
            if (held.Address.Length < IpText.Bits(held.Address.Family) - 1 && host.HolderOf(candidate) is null)
            {
                return candidate;
            }
        }

        return new IPAddress(bytes);
    }
}
