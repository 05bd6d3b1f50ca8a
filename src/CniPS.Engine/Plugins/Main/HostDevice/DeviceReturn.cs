using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// host-device's DEL: the device goes back to the host under its old name, and stays down, since nobody knows how it was. It is found by its
/// alias even where the container has renamed it. Where the namespace went without DEL, the kernel has given hardware back to the
/// machine's first namespace under the container's name: then it gets its old name there.
/// </summary>
internal sealed class DeviceReturn
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly HostDeviceConfiguration _configuration;
    private readonly IHost _host;
    private readonly MacAddress? _mac;

    internal DeviceReturn(PluginCall call, PluginContext context, HostDeviceConfiguration configuration)
    {
        _call = call;
        _context = context;
        _configuration = configuration;
        _host = context.Host;
        _mac = configuration.HardwareAddress;
        foreach (CniInterface named in call.PreviousResult?.Interfaces ?? [])
        {
            if (named.Name == call.InterfaceName && MacAddress.TryParse(named.Mac ?? "", out MacAddress mac))
            {
                _mac = mac;
            }
        }
    }

    internal void Run()
    {
        NetworkNamespace? container = ContainerLink.TryOpen(_call, _context);
        if (container is not null && new DeviceFinder(_host, _configuration).IsForPrograms)
        {
            return;
        }

        if (container is null || Find(container) is not { } link)
        {
            TakeBackName(_context, _configuration.Device, _mac);
            return;
        }

        string name = link.Alias ?? _configuration.Device;
        if (name.Length == 0)
        {
            throw new CniException(
                CniErrorIds.LinkNotFound, CniErrorCode.Internal, $"failed to find original ifname for \"{link.Name}\" (alias is not set)")
            {
                Target = link.Name,
                RecommendedAction = $"Give it back by hand: {new LinkMove(container, link, _host.Namespace, "NAME", "").Text}",
            };
        }

        if (_host.FindLink(_host.Namespace, name) is not null)
        {
            throw new CniException(
                CniErrorIds.InterfaceExists, CniErrorCode.Internal, $"failed to move \"{link.Name}\" to the host: it has a link \"{name}\" already: file exists")
            {
                Target = name,
                RecommendedAction = "Rename the link of the host that has taken the device's name.",
            };
        }

        _context.Apply(new LinkMove(container, link, _host.Namespace, name, ""));
    }

    /// <summary>Gives a device that the kernel brought back its old name.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="device">That name, if the configuration says it.</param>
    /// <param name="mac">The device's address, if that is known.</param>
    internal static void TakeBackName(PluginContext context, string device, MacAddress? mac)
    {
        IHost host = context.Host;
        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link.Alias is { Length: > 0 } alias && alias != link.Name
                && (device.Length > 0 ? alias == device : mac is not null && link.Mac == mac && CniNames.IsValidInterfaceName(alias))
                && host.FindLink(host.Namespace, alias) is null)
            {
                context.Apply(new LinkSet(host.Namespace, link.Id) { Name = alias, Alias = "" });
                return;
            }
        }
    }

    private Link? Find(NetworkNamespace container)
    {
        Link? named = _host.FindLink(container, _call.InterfaceName);
        if (named is not null && IsOurs(named))
        {
            return named;
        }

        foreach (Link link in _host.GetLinks(container))
        {
            if (IsOurs(link))
            {
                return link;
            }
        }

        return _context.OnlyOwn ? null : named;
    }

    // Whoever moved it kept its name on the host; what else is known of it must fit.
    private bool IsOurs(Link link) => link.Alias is { Length: > 0 } alias
        && (_configuration.Device.Length == 0 || alias == _configuration.Device)
        && (_mac is null || link.Mac == _mac)
        && (_configuration.Device.Length > 0 || _mac is not null || link.Name == _call.InterfaceName);
}
