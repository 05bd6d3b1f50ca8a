using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Finds a device of the host by its name, its address, or its place in /sys.</summary>
/// <param name="host">The machine.</param>
/// <param name="configuration">What it is found by.</param>
internal readonly struct DeviceFinder(IHost host, HostDeviceConfiguration configuration)
{
    private const string PciDevices = "/sys/bus/pci/devices", AuxiliaryDevices = "/sys/bus/auxiliary/devices";

    private string Pci => configuration.DeviceId.Length > 0 && host.FileExists($"{PciDevices}/{configuration.DeviceId}")
        ? configuration.DeviceId
        : configuration.PciAddress;

    /// <summary>Whether a driver of a program's, not the kernel's, has the device (DPDK): then it has no link to move.</summary>
    internal bool IsForPrograms => Pci is { Length: > 0 } pci
        && Path.GetFileName(host.ReadSymbolicLink($"{PciDevices}/{pci}/driver")) is "vfio-pci" or "uio_pci_generic" or "igb_uio";

    /// <summary>The device's link.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.LinkNotFound"/>.</exception>
    internal Link Find()
    {
        if (configuration.Device.Length > 0)
        {
            return Require(configuration.Device, configuration.Device);
        }

        if (configuration.HardwareAddress is { } mac)
        {
            foreach (Link link in host.GetLinks(host.Namespace))
            {
                if (link.Mac == mac)
                {
                    return link;
                }
            }

            throw NotFound(mac.ToString(), "no link has that address");
        }

        if (configuration.KernelPath.Length > 0)
        {
            return FirstIn($"{configuration.KernelPath}/net", configuration.KernelPath);
        }

        return Pci is { Length: > 0 } pci ? FindPci(pci) : FirstIn($"{AuxiliaryDevices}/{configuration.DeviceId}/net", configuration.DeviceId);
    }

    private Link FindPci(string pci)
    {
        string folder = $"{PciDevices}/{pci}";
        if (host.FileExists($"{folder}/net"))
        {
            return FirstIn($"{folder}/net", pci);
        }

        // A virtio network card is a device of its own below the PCI device.
        foreach (string entry in host.ListEntries(folder))
        {
            if (entry.StartsWith("virtio", System.StringComparison.Ordinal) && host.FileExists($"{folder}/{entry}/net"))
            {
                return FirstIn($"{folder}/{entry}/net", pci);
            }
        }

        throw NotFound(pci, $"no net directory under pci device {pci}");
    }

    private Link FirstIn(string folder, string device)
    {
        IReadOnlyList<string> names = host.ListEntries(folder);
        return names.Count > 0 ? Require(names[0], device) : throw NotFound(device, $"failed to find network device in path {folder}");
    }

    private Link Require(string name, string device) => host.FindLink(host.Namespace, name) ?? throw NotFound(device, $"no link {name}");

    private static CniException NotFound(string device, string reason) =>
        new(CniErrorIds.LinkNotFound, CniErrorCode.Internal, $"failed to find host device: {reason}")
        {
            Target = device,
            RecommendedAction = "Look at the host's links (ip link): another container may have the device.",
        };
}
