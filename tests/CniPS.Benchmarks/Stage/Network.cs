using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CniPS.Benchmarks.Stage;

/// <summary>A network to attach to. Each contestant has its own.</summary>
internal sealed class Network
{
    private static byte s_last = 99;

    private Network(string title, JsonObject plugin, params JsonObject[] chained)
    {
        string name = title.Replace(",", "").Replace("'", "").Replace(' ', '-');
        Folder = Folders.InMemory(name);
        plugin["ipam"]!["dataDir"] = Path.Combine(Folder, "data");
        JsonObject whole = chained.Length == 0 ? plugin : new JsonObject { ["plugins"] = new JsonArray([plugin, .. chained]) };
        whole["cniVersion"] = "1.0.0";
        whole["name"] = name;
        Text = Encoding.UTF8.GetBytes(whole.ToJsonString());
    }

    /// <summary>Where its data lie, in memory.</summary>
    public string Folder { get; }

    /// <summary>The configuration: of one plugin, or a list.</summary>
    public byte[] Text { get; }

    /// <summary>How many ports of the host lead to each container.</summary>
    public int Ports { get; private init; }

    /// <summary>Where a runtime keeps results of it.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Where host-local keeps its addresses.</summary>
    public string Leases => Path.Combine(Folder, "data", Path.GetFileName(Folder));

    /// <summary>A bridge that is the gateway, host-local, one default route.</summary>
    public static Network Bridge(string title, bool masquerade) => new(title, BridgePlugin(masquerade));

    /// <summary>A pair for each container and nothing between them: no bridge, which has room for 1,023 only.</summary>
    public static Network PointToPoint(string title, bool masquerade = false) => new(title, new JsonObject
    {
        ["type"] = "ptp",
        ["ipMasq"] = masquerade,
        ["ipam"] = HostLocal($"10.{++s_last}.0.0/16"),
    });

    /// <summary>An interface for each container that has no other end on the host.</summary>
    public static Network Tap(string title) => new(title, new JsonObject
    {
        ["type"] = "tap",
        ["ipam"] = HostLocal($"10.{++s_last}.0.0/16"),
    });

    /// <summary>The bridge, and ports of the host that lead to each container.</summary>
    public static Network WithPorts(string title, int ports) => new(title, BridgePlugin(masquerade: true), PortMap()) { Ports = ports };

    /// <summary>The list that podman makes of a network, with one port.</summary>
    public static Network Podman(string title) =>
        new(title, BridgePlugin(masquerade: true), PortMap(), new JsonObject { ["type"] = "firewall" }, new JsonObject { ["type"] = "tuning" }) { Ports = 1 };

    /// <summary>A network with nothing but addresses: 10.88.0.2 is the first.</summary>
    public static Network AddressesOnly(string title) => new(title, new JsonObject
    {
        ["type"] = "bridge",
        ["ipam"] = HostLocal("10.88.0.0/16"),
    });

    /// <summary>The configuration as DEL gets it.</summary>
    public byte[] WithPreviousResult(byte[] result)
    {
        JsonNode text = JsonNode.Parse(Text)!;
        text["prevResult"] = JsonNode.Parse(result);
        return JsonSerializer.SerializeToUtf8Bytes(text);
    }

    /// <summary>Writes the configuration to a file.</summary>
    public string Save()
    {
        string path = Path.Combine(Folder, "network.conf");
        File.WriteAllBytes(path, Text);
        return path;
    }

    private static JsonObject BridgePlugin(bool masquerade)
    {
        byte number = ++s_last;
        return new JsonObject
        {
            ["type"] = "bridge",
            ["bridge"] = $"br{number}",
            ["isGateway"] = true,
            ["ipMasq"] = masquerade,
            ["ipam"] = HostLocal($"10.{number}.0.0/16"),
        };
    }

    private static JsonObject PortMap() => new()
    {
        ["type"] = "portmap",
        ["capabilities"] = new JsonObject { ["portMappings"] = true },
    };

    private static JsonObject HostLocal(string subnet) => new()
    {
        ["type"] = "host-local",
        ["ranges"] = new JsonArray(new JsonArray(new JsonObject { ["subnet"] = subnet })),
        ["routes"] = new JsonArray(new JsonObject { ["dst"] = "0.0.0.0/0" }),
    };
}
