using System;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A list's text, as it is kept for DEL.</summary>
internal static class ListBytes
{
    /// <summary>The text of the list's file; where plugins of its folder follow, a text with all of them, since DEL must call them too.</summary>
    internal static ReadOnlyMemory<byte> Of(NetworkConfigurationList list, RuntimeOptions options)
    {
        if (!options.UseCachedConfiguration || list.Text is not { } text || Inlined(text.Root) == list.Plugins.Count)
        {
            return list.Bytes;
        }

        return JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            JsonBytes.CopyProperties(writer, text.Root, ["plugins"]);
            writer.WriteStartArray("plugins");
            foreach (PluginConfiguration plugin in list.Plugins)
            {
                JsonBytes.Copy(writer, plugin.Json);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static int Inlined(JsonElement root) =>
        new JsonFields(root, ignoreCase: false).TryGet("plugins", out _, out JsonElement plugins) && plugins.ValueKind == JsonValueKind.Array
            ? plugins.GetArrayLength()
            : 0;
}
