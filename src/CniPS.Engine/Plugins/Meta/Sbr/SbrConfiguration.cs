using System.Net;
using System.Net.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>sbr's configuration, complete and checked.</summary>
/// <param name="Table">The table that others fill; null for one of its own an address.</param>
/// <param name="AddSourceHints">Whether the subnets stay in the main table, with the address to send from.</param>
/// <param name="Gateway4">The gateway for IPv4; null for that of the address.</param>
/// <param name="Gateway6">The gateway for IPv6; null for that of the address.</param>
internal sealed record SbrConfiguration(int? Table, bool AddSourceHints, IPAddress? Gateway4, IPAddress? Gateway6)
{
    internal static SbrConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        int? table = root.GetInt("table");
        bool hints = root.GetBool("addSourceHints");
        (IPAddress? v4, IPAddress? v6) = ReadGateways(root);
        return table is < 0 ? throw root.Error("table", $"{table} is no routing table", "Use a number from 1 on.") : new SbrConfiguration(table, hints, v4, v6);
    }

    /// <summary>The gateway for an address: the configured one of its family, else its own; null for none.</summary>
    internal IPAddress? GatewayOf(CniIPConfig ip) => (ip.Address!.Value.IsV6 ? Gateway6 : Gateway4) ?? ip.Gateway;

    private static (IPAddress? V4, IPAddress? V6) ReadGateways(PluginConfigReader root)
    {
        const string Key = "gateways";
        IPAddress? v4 = null, v6 = null;
        foreach (string text in root.GetStrings(Key))
        {
            if (!Linux.Route.IpText.TryParse(text, out IPAddress? gateway))
            {
                throw root.Error(Key, $"invalid static gateway IP address: {text}");
            }

            bool isV6 = gateway.AddressFamily == AddressFamily.InterNetworkV6;
            if ((isV6 ? v6 : v4) is { } other)
            {
                throw root.Error(Key, $"gateways list contains multiple {(isV6 ? "IPv6" : "IPv4")} addresses: {other} and {gateway}", "Name one of each family.");
            }

            (v4, v6) = isV6 ? (v4, gateway) : (gateway, v6);
        }

        return (v4, v6);
    }
}
