using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS.Benchmarks.Stage;

/// <summary>Containers: named network namespaces, c0, c1, …</summary>
internal static class Container
{
    public const string Interface = "eth0";

    public static string Name(int number) => $"c{number}";

    /// <summary>Makes the namespaces of those from one number up to another.</summary>
    public static void Create(int count, int from = 0)
    {
        for (int i = from; i < count; i++)
        {
            NamedNamespaces.Create(Name(i)).Dispose();
        }
    }

    public static Attachment Attachment(int number, int ports = 0) => new()
    {
        ContainerId = Name(number),
        NetNS = NamedNamespaces.PathOf(Name(number)),
        InterfaceName = Interface,
        CapabilityArgs = ports == 0 ? [] : [new("portMappings", JsonSerializer.SerializeToElement(Mappings(number, ports)))],
    };

    // 20000 and up: below what the kernel takes for connections of its own.
    private static JsonArray Mappings(int number, int ports) =>
        [.. Enumerable.Range(0, ports).Select(i => new JsonObject
        {
            ["hostPort"] = 20_000 + (number * ports) + i,
            ["containerPort"] = 80 + i,
            ["protocol"] = "tcp",
        })];
}
