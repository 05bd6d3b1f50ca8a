using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux.Dhcp;

namespace CniPS.Plugins.Ipam;

/// <summary>The options that have a name in configurations: that of dhcp-options(5).</summary>
internal static class DhcpOptionNames
{
    private static readonly KeyValuePair<string, byte>[] s_names =
    [
        new("dhcp-client-identifier", DhcpOptionCode.ClientIdentifier),
        new("subnet-mask", DhcpOptionCode.SubnetMask),
        new("routers", DhcpOptionCode.Router),
        new("host-name", DhcpOptionCode.HostName),
        new("user-class", DhcpOptionCode.UserClass),
        new("vendor-class-identifier", DhcpOptionCode.VendorClassIdentifier),
    ];

    /// <summary>The names, for people.</summary>
    internal const string Listed = "dhcp-client-identifier, subnet-mask, routers, host-name, user-class, vendor-class-identifier";

    /// <summary>An option's number, from its name or number.</summary>
    internal static bool TryParse(string text, out byte code)
    {
        foreach ((string name, byte number) in s_names)
        {
            if (name == text)
            {
                code = number;
                return true;
            }
        }

        return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code);
    }
}
