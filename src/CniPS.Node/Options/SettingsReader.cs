using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Options;

/// <summary>Reads settings: an option goes before its environment variable, that before the file.</summary>
internal sealed class SettingsReader
{
    private const string DefaultFile = "/etc/cni/cnipsd.json";

    /// <summary>The settings that have a value: their name in the file, as an option, as a variable, and what they are.</summary>
    internal static IReadOnlyList<(string Name, string Value, string Help)> Names { get; } =
    [
        ("endpoints", "URLS", "etcd's members, commas between [http://127.0.0.1:2379]"),
        ("prefix", "KEY", "what the cluster's keys begin with [/cnips]"),
        ("cacert", "FILE", "who signed the members' certificates (PEM)"),
        ("cert", "FILE", "the node's certificate (PEM)"),
        ("key", "FILE", "the certificate's key (PEM)"),
        ("user", "NAME", "etcd's user"),
        ("password", "TEXT", "the user's password; better in the file, or in CNIPSD_PASSWORD"),
        ("node", "NAME", "the node's name [the machine's]"),
        ("socket", "FILE", "where the plugins ask [/run/cni/cnipsd.sock]"),
        ("state", "DIR", "the node's own copy of its blocks [/var/lib/cni/cluster]"),
        ("timeout", "SECONDS", "how long a member of etcd is waited for [5]"),
        ("settling", "SECONDS", "how long no new blocks are claimed after etcd was restored [60]"),
        ("idle", "SECONDS", "how long an empty block is kept before it is given back; 0: until that is asked for [600]"),
        ("spare", "BOOL", "whether the next block is claimed ahead when the last has few free addresses [true]"),
        ("dhcp", "BOOL", "whether it is the dhcp daemon, too [true]"),
        ("dhcpsocket", "FILE", "where the plugin dhcp asks [/run/cni/dhcp.sock]"),
        ("flannel", "KEY", "take part in flannel's network whose keys begin so: /coreos.com/network [in none]"),
        ("uplink", "LINK", "the link to the other nodes [that of the default route]"),
        ("publicip", "ADDRESSES", "this node's for the others: IPv4, and IPv6 behind a comma [the uplink's first]"),
        ("subnetfile", "FILE", "what the plugin flannel reads [/run/flannel/subnet.env]"),
        ("ipmasq", "BOOL", "masquerade what leaves flannel's network, in the place of plugins; flanneld's --ip-masq, too [false]"),
    ];

    private readonly Dictionary<string, string> _options = [];
    private readonly Dictionary<string, string> _file;

    /// <summary>Reads a command line, and the file that it names.</summary>
    /// <exception cref="SettingsException">Something in it is not right.</exception>
    internal SettingsReader(IReadOnlyList<string> arguments)
    {
        string? file = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            (string name, string? value) = Split(arguments[i]);
            if (name is "once" or "plan" or "help")
            {
                _options[name] = "true";
                continue;
            }

            if (name == "ip-masq")
            {
                (name, value) = ("ipmasq", value ?? "true"); // as flanneld has it
            }

            value ??= ++i < arguments.Count ? arguments[i] : throw new SettingsException($"--{name} needs a value");
            if (name == "config")
            {
                file = value;
            }
            else if (IsKnown(name))
            {
                _options[name] = value;
            }
            else
            {
                throw new SettingsException($"there is no option --{name}");
            }
        }

        _file = ReadFile(file ?? Variable("config"));
    }

    /// <summary>Whether only help is asked for.</summary>
    internal bool IsHelp => _options.ContainsKey("help");

    /// <summary>The settings.</summary>
    /// <exception cref="SettingsException">A value is not right.</exception>
    internal NodeSettings Read()
    {
        NodeSettings defaults = new();
        NodeSettings settings = new()
        {
            Endpoints = Get("endpoints") is { } endpoints ? ReadEndpoints(endpoints) : defaults.Endpoints,
            Prefix = (Get("prefix") ?? defaults.Prefix).TrimEnd('/'),
            Authority = Get("cacert"),
            Certificate = Get("cert"),
            Key = Get("key"),
            User = Get("user"),
            Password = Get("password"),
            Node = Get("node") ?? defaults.Node,
            Socket = Get("socket") ?? defaults.Socket,
            StateFolder = Get("state") ?? defaults.StateFolder,
            Timeout = Seconds("timeout") ?? defaults.Timeout,
            Settling = Seconds("settling") ?? defaults.Settling,
            Idle = Seconds("idle", orNone: true) ?? defaults.Idle,
            Spares = Boolean("spare") ?? defaults.Spares,
            KeepsLeases = Boolean("dhcp") ?? defaults.KeepsLeases,
            DhcpSocket = Get("dhcpsocket") ?? defaults.DhcpSocket,
            Flannel = Get("flannel")?.TrimEnd('/'),
            Uplink = Get("uplink"),
            PublicAddresses = Get("publicip") is { } publics ? ReadAddresses(publics) : defaults.PublicAddresses,
            SubnetFile = Get("subnetfile") ?? defaults.SubnetFile,
            Masquerades = Boolean("ipmasq") ?? defaults.Masquerades,
            Plan = _options.ContainsKey("plan"),
            Once = _options.ContainsKey("once"),
        };
        if (!CniNames.IsValidNetworkName(settings.Node))
        {
            throw new SettingsException($"--node {settings.Node}: a name has letters, digits, dots, hyphens and underscores");
        }

        if (settings.Plan && settings.Flannel is null)
        {
            throw new SettingsException("--plan says what would be changed for flannel's network: --flannel names it");
        }

        return (settings.Certificate is null) == (settings.Key is null) ? settings
            : throw new SettingsException("--cert and --key belong together");
    }

    private static (string Name, string? Value) Split(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            throw new SettingsException($"{argument} is no option");
        }

        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument[2..], null) : (argument[2..equals], argument[(equals + 1)..]);
    }

    private static bool IsKnown(string name)
    {
        foreach ((string known, _, _) in Names)
        {
            if (known == name)
            {
                return true;
            }
        }

        return false;
    }

    private string? Get(string name) =>
        _options.TryGetValue(name, out string? value) ? value : Variable(name) ?? (_file.TryGetValue(name, out value) ? value : null);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("CNIPSD_" + name.ToUpperInvariant()) is { Length: > 0 } value ? value : null;

    private TimeSpan? Seconds(string name, bool orNone = false) => Get(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && (seconds > 0 || orNone) && seconds < 86400
            ? TimeSpan.FromSeconds(seconds)
            : throw new SettingsException($"--{name} takes seconds, not {text}");

    private bool? Boolean(string name) => Get(name)?.ToLowerInvariant() switch
    {
        null => null,
        "false" => false,
        "true" => true,
        { } text => throw new SettingsException($"--{name} takes true or false, not {text}"),
    };

    private static List<IPAddress> ReadAddresses(string text)
    {
        List<IPAddress> addresses = [];
        foreach (string one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            addresses.Add(IpText.TryParse(one, out IPAddress? address) ? address : throw new SettingsException($"--publicip: {one} is no address"));
        }

        return addresses;
    }

    private static List<Uri> ReadEndpoints(string text)
    {
        List<Uri> endpoints = [];
        foreach (string one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            endpoints.Add(Uri.TryCreate(one.Contains("://", StringComparison.Ordinal) ? one : "http://" + one, UriKind.Absolute, out Uri? url)
                && url.Scheme is "http" or "https" ? url! : throw new SettingsException($"--endpoints: {one} is no URL such as https://10.0.0.1:2379"));
        }

        return endpoints.Count > 0 ? endpoints : throw new SettingsException("--endpoints needs a URL");
    }

    // What is named must be there; the usual one may be missing.
    private static Dictionary<string, string> ReadFile(string? named)
    {
        string path = named ?? DefaultFile;
        Dictionary<string, string> values = [];
        if (named is null && !File.Exists(path))
        {
            return values;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = !IsKnown(property.Name) ? throw new SettingsException($"{path}: there is no setting \"{property.Name}\"")
                    : property.Value.ValueKind == JsonValueKind.Array ? Join(property.Value) : property.Value.ToString();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new SettingsException($"{path}: {e.Message}");
        }

        return values;
    }

    private static string Join(JsonElement array)
    {
        List<string> texts = [];
        foreach (JsonElement element in array.EnumerateArray())
        {
            texts.Add(element.ToString());
        }

        return string.Join(',', texts);
    }
}
