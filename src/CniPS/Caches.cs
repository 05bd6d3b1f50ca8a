using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Opens result caches.</summary>
internal static class Caches
{
    internal static ResultCache Open(IHost host, string folder) =>
        new CniRuntime(host, RuntimeOptions.Default with { CacheFolder = folder }).Cache;
}
