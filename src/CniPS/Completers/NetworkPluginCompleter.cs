using System;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>Completes the types of the plugins that the network has which is given by its name or file; the tooltip has the keys of native ones.</summary>
public sealed class NetworkPluginCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        if (given["Network"] is not { } network)
        {
            return;
        }

        NetworkConfigurationList list = new NetworkSource(System.IO.Path.GetFullPath).Load(new NetworkReference(network));
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            candidates.Add(plugin.Type, NativePlugins.Find(plugin.Type) is { } native ? Keys(native.Schema) : "a program");
        }
    }

    private static string Keys(PluginSchema schema) =>
        schema.Keys.Count == 0 ? "has no keys of its own" : "keys: " + string.Join(", ", Array.ConvertAll([.. schema.Keys], static key => key.Path));
}
