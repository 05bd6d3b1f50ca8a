using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS.Benchmarks.Stage;

/// <summary>Containers: named network namespaces, c0, c1, …</summary>
internal static class Container
{
    public const string Interface = "eth0";

    public static string Name(int number) => $"c{number}";

    /// <summary>Makes the namespaces.</summary>
    public static void Create(int count)
    {
        for (int i = 0; i < count; i++)
        {
            NamedNamespaces.Create(Name(i)).Dispose();
        }
    }

    public static Attachment Attachment(int number) => new()
    {
        ContainerId = Name(number),
        NetNS = NamedNamespaces.PathOf(Name(number)),
        InterfaceName = Interface,
    };
}
