using System.Globalization;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// The gateway of a VLAN: a pair of its own, one end of which is a port of the bridge in the VLAN, and the other, <c>BRIDGE.VLAN</c>, has the
/// gateway's addresses. All of the VLAN's containers share it.
/// </summary>
internal sealed class VlanGateway
{
    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;
    private readonly IHost _host;

    internal VlanGateway(PluginContext context, BridgeConfiguration configuration)
    {
        _context = context;
        _configuration = configuration;
        _host = context.Host;
    }

    /// <summary>The name of a VLAN's gateway.</summary>
    internal static string NameOf(string bridge, int vlan) => string.Create(CultureInfo.InvariantCulture, $"{bridge}.{vlan}");

    /// <summary>Finds the gateway, or makes it under the namespace's lock. It is up once it is complete.</summary>
    internal Link Ensure(Link bridge)
    {
        string name = NameOf(bridge.Name, _configuration.Vlans.Vlan);
        if (_host.FindLink(_host.Namespace, name) is { IsUp: true } ready)
        {
            return ready;
        }

        using (_host.LockNamespace(_host.Namespace, exclusive: true, _context.Cancellation))
        {
            if (_host.FindLink(_host.Namespace, name) is not { IsUp: true })
            {
                Make(bridge, name);
            }
        }

        return _host.FindLink(_host.Namespace, name)
            ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"link {name} vanished as soon as it was made") { Target = name };
    }

    private void Make(Link bridge, string name)
    {
        Link? gateway = _host.FindLink(_host.Namespace, name);
        if (gateway is null)
        {
            _context.Transaction.ApplyShared(
                new SharedVlanGateway(bridge.Name, _configuration.Vlans.Vlan),
                [
                    new VethAdd(_host.Namespace, HostVeth.Name(bridge.Name, "vlan gateway", name, 0), _host.Namespace, name)
                    {
                        Bridge = bridge.Id,
                        Mtu = bridge.Mtu,
                    },
                ]);
            gateway = _host.FindLink(_host.Namespace, name)!;
        }

        if (_host.FindLink(_host.Namespace, gateway.Peer) is not { } port || port.Master != bridge.Index)
        {
            throw new CniException(
                CniErrorIds.BridgeConflict, CniErrorCode.Internal, $"failed to create vlan gateway \"{name}\": there is another link of that name")
            {
                Target = name,
                RecommendedAction = $"Remove the link, or give the bridge another name than {bridge.Name}.",
            };
        }

        _context.Apply(
        [
            .. _configuration.Vlans.OfGateway.Changes(_host.Namespace, port.Id, bridge),
            new LinkSet(_host.Namespace, gateway.Id) { Up = true },
        ]);
    }
}
