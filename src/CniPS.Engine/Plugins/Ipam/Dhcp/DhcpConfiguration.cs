using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Dhcp;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>dhcp's configuration, complete and checked.</summary>
internal sealed record DhcpConfiguration
{
    internal const string DefaultSocket = "/run/cni/dhcp.sock";

    internal required string Socket { get; init; }

    internal required IReadOnlyList<KeyValuePair<byte, byte[]>> Provided { get; init; }

    internal required IReadOnlyList<byte> Requested { get; init; }

    internal required long? Priority { get; init; }

    internal static DhcpConfiguration Parse(PluginConfiguration configuration, CniArgs args)
    {
        PluginConfigReader root = new(configuration);
        PluginConfigReader ipam = IpamKey.Require(root);
        string socket = SocketOf(ipam);
        List<(PluginConfigReader Entry, string Option, string Value, string FromArg)> provide = [];
        foreach (PluginConfigValue value in ipam.GetArray("provide") ?? [])
        {
            PluginConfigReader entry = value.AsObject() ?? throw value.Error("an option to provide must be an object");
            provide.Add((entry, entry.GetString("option") ?? "", entry.GetString("value") ?? "", entry.GetString("fromArg") ?? ""));
        }

        List<(PluginConfigReader Entry, string Option)> request = [];
        bool skipDefault = false;
        foreach (PluginConfigValue value in ipam.GetArray("request") ?? [])
        {
            PluginConfigReader entry = value.AsObject() ?? throw value.Error("an option to request must be an object");
            request.Add((entry, entry.GetString("option") ?? ""));
            skipDefault |= entry.GetBool("skipDefault");
        }

        long? priority = ipam.GetLong("priority");
        if (priority is < 0 or > uint.MaxValue)
        {
            throw ipam.Error("priority", $"invalid priority {priority}", "Write a metric from 0 to 4294967295.");
        }

        return new DhcpConfiguration
        {
            Socket = socket,
            Provided = Provide(provide, args),
            Requested = Request(request, skipDefault),
            Priority = priority is 0 ? null : priority,
        };
    }

    /// <summary>Where the daemon is, for what is done whatever else the configuration says.</summary>
    internal static string SocketOf(PluginConfiguration configuration) =>
        new PluginConfigReader(configuration).GetObject("ipam") is { } ipam ? SocketOf(ipam) : DefaultSocket;

    private static string SocketOf(PluginConfigReader ipam) => ipam.GetString("daemonSocketPath") is { Length: > 0 } path ? path : DefaultSocket;

    private static List<KeyValuePair<byte, byte[]>> Provide(List<(PluginConfigReader Entry, string Option, string Value, string FromArg)> entries, CniArgs args)
    {
        List<KeyValuePair<byte, byte[]>> options = [];
        foreach ((PluginConfigReader entry, string option, string value, string fromArg) in entries)
        {
            byte code = Code(entry, option);
            if (code is DhcpOptionCode.Pad or DhcpOptionCode.End or DhcpOptionCode.MessageType or DhcpOptionCode.Overload)
            {
                throw entry.Error("option", $"option {option} belongs to the protocol", "Leave it out.");
            }

            // The argument goes before the configuration; either may be missing.
            string text = args[fromArg] is { } argument && fromArg.Length > 0 ? argument : value;
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > 255)
            {
                throw entry.Error(text == value ? "value" : "fromArg", $"value too long for option \"{option}\": \"{text}\"", "An option has room for 255 bytes.");
            }

            if (bytes.Length > 0)
            {
                options.Add(new(code, bytes));
            }
        }

        return options;
    }

    private static List<byte> Request(List<(PluginConfigReader Entry, string Option)> entries, bool skipDefault)
    {
        List<byte> codes = [];
        foreach ((PluginConfigReader entry, string option) in entries)
        {
            if (option.Length > 0)
            {
                Add(Code(entry, option));
            }
        }

        if (!skipDefault)
        {
            Add(DhcpOptionCode.Router);
            Add(DhcpOptionCode.SubnetMask);
        }

        return codes;

        void Add(byte code)
        {
            if (!codes.Contains(code))
            {
                codes.Add(code);
            }
        }
    }

    private static byte Code(PluginConfigReader entry, string option) => DhcpOptionNames.TryParse(option, out byte code) ? code : throw entry.Error(
        "option", $"Can not parse option \"{option}\"", $"Write a number from 0 to 255, or {DhcpOptionNames.Listed}.");
}
