using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>host-device: moves a device of the host into the container, and back. Its name on the host is kept as its alias.</summary>
internal sealed class HostDevicePlugin : LinkPlugin<HostDeviceConfiguration>
{
    public override string Type => "host-device";

    public override PluginSchema Schema => HostDeviceConfiguration.Schema;

    protected override HostDeviceConfiguration Parse(PluginCall call) => HostDeviceConfiguration.Parse(call);

    protected override Link? Make(ContainerLink place, HostDeviceConfiguration configuration)
    {
        IHost host = place.Context.Host;
        DeviceFinder finder = new(host, configuration);
        if (finder.IsForPrograms)
        {
            return null;
        }

        Link device = finder.Find();
        DeviceState before = DeviceState.Of(host, device);
        place.Context.Transaction.OnRollback(() => before.Restore(host));
        try
        {
            place.Context.Apply(new LinkMove(host.Namespace, device, place.Namespace, place.Call.InterfaceName, device.Name));
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsExists: true })
        {
            BringBackHalfMoved(place, device);
            throw place.Taken(e);
        }

        return host.FindLink(place.Namespace, place.Call.InterfaceName)
            ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"link {place.Call.InterfaceName} vanished as soon as it was moved");
    }

    protected override void Remove(PluginCall call, PluginContext context, HostDeviceConfiguration configuration) =>
        new DeviceReturn(call, context, configuration).Run();

    protected override void Inspect(LinkInspection inspection, HostDeviceConfiguration configuration)
    {
        if (new DeviceFinder(inspection.Context.Host, configuration).IsForPrograms || inspection.Find(kind: null) is not { } link)
        {
            return;
        }

        if (link.Alias is null)
        {
            IReadOnlyList<Change> repair = configuration.Device.Length > 0
                ? [new LinkSet(inspection.Container, link.Id) { Alias = configuration.Device }]
                : [];
            inspection.Differ(
                $"alias of {link.Name}", configuration.Device.Length > 0 ? configuration.Device : "the device's name on the host", null,
                $"Interface {link.Name} has lost its alias: its name on the host", repair);
        }

        inspection.CheckUp(link);
        inspection.CheckAddressesAndRoutes(link);
    }

    protected override void RequireAvailable(PluginContext context, HostDeviceConfiguration configuration)
    {
        // What comes with each attachment can't be looked for beforehand.
        DeviceFinder finder = new(context.Host, configuration);
        if (configuration is not { Device: "", HardwareAddress: null, KernelPath: "", PciAddress: "" } && !finder.IsForPrograms)
        {
            finder.Find();
        }
    }

    protected override void Collect(PluginContext context, HostDeviceConfiguration configuration) =>
        DeviceReturn.TakeBackName(context, configuration.Device, null);

    // The kernel moves first and renames then: somebody took the name in between.
    private static void BringBackHalfMoved(ContainerLink place, Link device)
    {
        IHost host = place.Context.Host;
        if (host.FindLink(host.Namespace, device.Name) is null
            && host.FindLink(place.Namespace, device.Name) is { } stray && stray.Mac == device.Mac)
        {
            place.Context.Apply(new LinkMove(place.Namespace, stray, host.Namespace, device.Name, device.Alias ?? "") { Up = device.IsUp });
        }
    }
}
