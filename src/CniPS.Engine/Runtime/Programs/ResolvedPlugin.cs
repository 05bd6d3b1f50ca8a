using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>What stands behind a type: a native plugin or a program.</summary>
/// <param name="Type">The type.</param>
/// <param name="Native">The native plugin, or null.</param>
/// <param name="Program">The program's path, or null.</param>
internal readonly record struct ResolvedPlugin(string Type, ICniPlugin? Native, string? Program);
