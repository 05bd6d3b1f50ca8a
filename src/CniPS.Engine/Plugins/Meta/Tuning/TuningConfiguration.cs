using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// tuning's configuration, complete and checked. A MAC address is taken from the configuration, CNI_ARGS, the capability <c>mac</c> and
/// <c>args.cni</c>, the last of which counts; <c>args.cni</c> goes before the configuration in everything.
/// </summary>
internal sealed record TuningConfiguration
{
    internal const string DefaultDataFolder = "/run/cni/tuning";

    internal required string DataFolder { get; init; }

    /// <summary>The kernel parameters, in the text's order.</summary>
    internal required IReadOnlyList<TuningSysctl> Sysctls { get; init; }

    internal MacAddress? Mac { get; init; }

    internal bool Promiscuous { get; init; }

    /// <summary>0 leaves it.</summary>
    internal int Mtu { get; init; }

    internal bool? AllMulticast { get; init; }

    internal int? TransmitQueueLength { get; init; }

    /// <summary>Whether anything of the interface is changed.</summary>
    internal bool ChangesLink => Mac is not null || Promiscuous || Mtu != 0 || AllMulticast is not null || TransmitQueueLength is not null;

    internal static TuningConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PluginConfigReader? args = root.GetObject("args")?.GetObject("cni");
        call.Request.Args.RefuseUnknown(["MAC", "IP", "GATEWAY"]);
        return new TuningConfiguration
        {
            DataFolder = root.GetString("dataDir") is { Length: > 0 } folder ? folder : DefaultDataFolder,
            Sysctls = TuningSysctl.Read(root.GetObject("sysctl"), args?.GetObject("sysctl"), call.InterfaceName),
            Mac = ReadMac(args, "mac") ?? ReadMac(root.GetObject("runtimeConfig"), "mac") ?? ReadMac(call.Request.Args) ?? ReadMac(root, "mac"),
            Promiscuous = args?.Has("promisc") == true ? args.GetBool("promisc") : root.GetBool("promisc"),
            Mtu = ReadSize(args, "mtu") ?? ReadSize(root, "mtu") ?? 0,
            AllMulticast = ReadBool(args, "allmulti") ?? ReadBool(root, "allmulti"),
            TransmitQueueLength = ReadSize(args, "txQLen") ?? ReadSize(root, "txQLen"),
        };
    }

    private static bool? ReadBool(PluginConfigReader? parent, string key) => parent?.Has(key) == true ? parent.GetBool(key) : null;

    private static int? ReadSize(PluginConfigReader? parent, string key) =>
        parent?.GetInt(key) is not { } size ? null
        : size >= 0 ? size
        : throw parent.Error(key, $"\"{key}\" must not be negative, as {size} is");

    private static MacAddress? ReadMac(PluginConfigReader? parent, string key) =>
        parent?.GetString(key) is not { Length: > 0 } text ? null
        : MacAddress.TryParse(text, out MacAddress mac) ? mac
        : throw parent.Error(key, Invalid(text), "Write a MAC address, such as 0a:58:0a:01:00:02.");

    private static MacAddress? ReadMac(CniArgs args) =>
        args["MAC"] is not { Length: > 0 } text ? null
        : MacAddress.TryParse(text, out MacAddress mac) ? mac
        : throw CniArgs.InvalidValue("MAC", text, Invalid(text));

    private static string Invalid(string text) => $"invalid args {text} for MAC addr: address {text}: invalid MAC address";
}
