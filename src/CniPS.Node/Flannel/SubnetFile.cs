using System;
using System.Globalization;
using System.Text;
using CniPS.Linux.Route;

namespace CniPS.Node.Flannel;

/// <summary>What the plugin flannel reads of a node (<c>/run/flannel/subnet.env</c>).</summary>
internal static class SubnetFile
{
    /// <summary>Where it usually is.</summary>
    internal const string DefaultPath = "/run/flannel/subnet.env";

    /// <summary>Its text, as flanneld writes it: a subnet by its first address for a node, which becomes the bridge's.</summary>
    /// <param name="config">The network.</param>
    /// <param name="own">The node's subnets.</param>
    /// <param name="mtu">The MTU of containers.</param>
    /// <param name="masquerades">Whether cnipsd, and not the plugin, masquerades what leaves the network.</param>
    internal static ReadOnlyMemory<byte> Write(FlannelConfig config, SubnetLease own, int mtu, bool masquerades)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"FLANNEL_NETWORK={config.V4.Network}\nFLANNEL_SUBNET={Gateway(own.Subnet)}\n");
        if (config.V6 is { } v6 && own.SubnetV6 is { } subnet)
        {
            text.Append(CultureInfo.InvariantCulture, $"FLANNEL_IPV6_NETWORK={v6.Network}\nFLANNEL_IPV6_SUBNET={Gateway(subnet)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"FLANNEL_MTU={mtu}\nFLANNEL_IPMASQ={(masquerades ? "true" : "false")}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static IpPrefix Gateway(IpPrefix subnet) => new(IpNumber.Of(subnet.Address).Next().ToAddress(subnet.Family), subnet.Length);
}
