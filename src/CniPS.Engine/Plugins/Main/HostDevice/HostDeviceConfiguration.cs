using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>host-device's configuration: by what the device is found.</summary>
internal sealed record HostDeviceConfiguration : LinkConfiguration
{
    internal static PluginSchema Schema { get; } = new(
        "host-device",
        [
            new("device", "string", null, "The device's name, as eth3.", "0.7"),
            new("hwaddr", "MAC address", null, "The device's MAC address.", "0.7"),
            new("kernelpath", "string", null, "The device's folder below /sys/devices.", "0.7"),
            new(
                "pciBusID", "string", null,
                "The device's PCI address, as 0000:00:1f.6. One with a driver for programs (vfio-pci, uio_pci_generic, igb_uio) only gets an address.", "0.7"),
            new("runtimeConfig.deviceID", "string", null, "The device's PCI address, or its name on the auxiliary bus (capability deviceID).", "0.8"),
        ]);

    internal string Device { get; init; } = "";

    internal MacAddress? HardwareAddress { get; init; }

    internal string KernelPath { get; init; } = "";

    internal string PciAddress { get; init; } = "";

    /// <summary>A PCI address or a name on the auxiliary bus; it goes before <see cref="PciAddress"/>.</summary>
    internal string DeviceId { get; init; } = "";

    internal static HostDeviceConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PluginConfigReader? runtime = root.GetObject("runtimeConfig");
        HostDeviceConfiguration configuration = new()
        {
            Device = root.GetString("device") ?? "",
            HardwareAddress = root.GetMac("hwaddr"),
            KernelPath = root.GetString("kernelpath") ?? "",
            PciAddress = ReadBusName(root, "pciBusID"),
            DeviceId = runtime is null ? "" : ReadBusName(runtime, "deviceID"),
            Dns = ConfiguredDns.Read(root),
        };
        if (configuration is { Device: "", HardwareAddress: null, KernelPath: "", PciAddress: "", DeviceId: "" })
        {
            root.Report("device", "specify either \"device\", \"hwaddr\", \"kernelpath\" or \"pciBusID\"", "Say which device is to be moved.");
        }

        if (configuration.KernelPath.Length > 0 && !IsBelowDevices(configuration.KernelPath))
        {
            root.Report("kernelpath", $"kernel device path \"{configuration.KernelPath}\" must be absolute and begin with /sys/devices/");
        }

        return configuration;
    }

    private static bool IsBelowDevices(string path) =>
        path.StartsWith("/sys/devices/", System.StringComparison.Ordinal) && System.Array.IndexOf(path.Split('/'), "..") < 0;

    // It becomes part of a path.
    private static string ReadBusName(PluginConfigReader reader, string key)
    {
        string name = reader.GetString(key) ?? "";
        if (name.Contains('/', System.StringComparison.Ordinal) || name is "." or "..")
        {
            reader.Report(key, $"\"{name}\" is no device's name on a bus", "Give it as 0000:00:1f.6.");
        }

        return name;
    }
}
