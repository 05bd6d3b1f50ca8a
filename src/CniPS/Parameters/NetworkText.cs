using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS;

/// <summary>Writes configuration lists as a person would.</summary>
internal static class NetworkText
{
    // A configuration is no web page: its texts needn't be escaped for one.
    private static readonly JsonWriterOptions s_layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A list out of what somebody writes.</summary>
    /// <exception cref="CniException">It is no good list.</exception>
    internal static NetworkConfigurationList Make(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, s_layout))
        {
            write(writer);
        }

        NetworkConfigurationList list = NetworkConfigurationList.Parse(buffer.WrittenMemory);
        CniNames.ValidateNetworkName(list.Name);
        return list;
    }

    /// <summary>A list out of plugin tables.</summary>
    internal static NetworkConfigurationList FromPlugins(string name, string version, object[] plugins, bool disableCheck) => Make(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("cniVersion", version);
        writer.WriteString("name", name);
        if (disableCheck)
        {
            writer.WriteBoolean("disableCheck", true);
        }

        writer.WritePropertyName("plugins");
        JsonValue.Write(writer, plugins);
        writer.WriteEndObject();
    });
}
