using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CniPS.Benchmarks.Stage;

/// <summary>
/// The network that everybody attaches to: a bridge that is the gateway, host-local, one default route. Each contestant has its own.
/// </summary>
internal sealed class Network
{
    private static byte s_last = 99;

    private Network(string title, JsonObject plugin)
    {
        string name = title.Replace(",", "").Replace(' ', '-');
        Folder = Folders.InMemory(name);
        plugin["name"] = name;
        plugin["ipam"]!["dataDir"] = Path.Combine(Folder, "data");
        Text = Encoding.UTF8.GetBytes(plugin.ToJsonString());
    }

    /// <summary>Where its data lie, in memory.</summary>
    public string Folder { get; }

    /// <summary>The plugin's configuration.</summary>
    public byte[] Text { get; }

    /// <summary>Where a runtime keeps results of it.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Where host-local keeps its addresses.</summary>
    public string Leases => Path.Combine(Folder, "data", Path.GetFileName(Folder));

    /// <summary>A network with the bridge.</summary>
    public static Network Bridge(string title, bool masquerade)
    {
        byte number = ++s_last;
        return new Network(title, new JsonObject
        {
            ["cniVersion"] = "1.0.0",
            ["type"] = "bridge",
            ["bridge"] = $"br{number}",
            ["isGateway"] = true,
            ["ipMasq"] = masquerade,
            ["ipam"] = HostLocal($"10.{number}.0.0/16"),
        });
    }

    /// <summary>A network with nothing but addresses: 10.88.0.2 is the first.</summary>
    public static Network AddressesOnly(string title) => new(title, new JsonObject
    {
        ["cniVersion"] = "1.0.0",
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

    private static JsonObject HostLocal(string subnet) => new()
    {
        ["type"] = "host-local",
        ["ranges"] = new JsonArray(new JsonArray(new JsonObject { ["subnet"] = subnet })),
        ["routes"] = new JsonArray(new JsonObject { ["dst"] = "0.0.0.0/0" }),
    };
}
