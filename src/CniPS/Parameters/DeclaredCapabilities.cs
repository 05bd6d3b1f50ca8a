using System.Linq;
using CniPS.Plugins.Catalog;

namespace CniPS;

/// <summary>The capabilities that a native plugin makes use of, by the keys that it declares.</summary>
internal static class DeclaredCapabilities
{
    private const string Runtime = "runtimeConfig.";

    /// <summary>Those of a type; none where it is no native one.</summary>
    internal static string[] Of(string type) =>
    [
        .. (NativePlugins.Find(type)?.Schema.Keys ?? [])
            .Where(static key => key.Path.StartsWith(Runtime, System.StringComparison.Ordinal))
            .Select(static key => key.Path[Runtime.Length..].Split('.', '[')[0])
            .Distinct(),
    ];
}
