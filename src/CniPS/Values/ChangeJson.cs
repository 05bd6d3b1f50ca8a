using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>
/// A change as JSON, and back: <c>{"Changes.AddressAdd":{"Namespace":"/run/netns/blue",…}}</c>. It goes through the values that the change is made of,
/// so that a new kind of change needs nothing here. A namespace is known by its path. Only types of this project's own are made, and a change
/// that was read can be looked at; nothing is run by reading it.
/// </summary>
internal static class ChangeJson
{
    private const string Root = "CniPS.Linux.";

    internal static string Write(Change change)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, typeof(Change), change);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write(Change)"/> wrote.</summary>
    /// <exception cref="FormatException">It is none, or of another version of CniPS.</exception>
    internal static Change Read(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return (Change)Read(json.RootElement, typeof(Change))!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or InvalidCastException or OverflowException or FormatException)
        {
            throw new FormatException($"\"{(text.Length > 40 ? text[..40] + "…" : text)}\" is no change that this version of CniPS knows: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter writer, Type declared, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case NetworkNamespace ns: writer.WriteStringValue(ns.Path); break;
            case IPAddress or IpPrefix or MacAddress or Enum: writer.WriteStringValue(value.ToString()); break;
            case ReadOnlyMemory<byte> bytes: writer.WriteBase64StringValue(bytes.Span); break;
            case byte[] bytes: writer.WriteBase64StringValue(bytes); break;
            case IConvertible number: writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (object? item in items)
                {
                    Write(writer, ElementOf(declared), item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteObject(writer, declared, value);
                break;
        }
    }

    // The type is named where another could stand in its place.
    private static void WriteObject(Utf8JsonWriter writer, Type declared, object value)
    {
        Type type = value.GetType();
        writer.WriteStartObject();
        if (IsOpen(declared))
        {
            writer.WriteStartObject(type.FullName![Root.Length..]);
        }

        foreach (FieldInfo field in FieldsOf(type))
        {
            object? part = field.GetValue(value);
            if (part is not null && !part.Equals(NothingOf(field.FieldType)))
            {
                writer.WritePropertyName(NameOf(field));
                Write(writer, field.FieldType, part);
            }
        }

        if (IsOpen(declared))
        {
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static object? Read(JsonElement json, Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        return json.ValueKind == JsonValueKind.Null ? null
            : type == typeof(string) ? json.GetString()
            : type == typeof(bool) ? json.GetBoolean()
            : type == typeof(NetworkNamespace) ? NetworkNamespace.Closed(json.GetString()!)
            : type == typeof(IPAddress) ? IPAddress.Parse(json.GetString()!)
            : type == typeof(IpPrefix) ? IpPrefix.Parse(json.GetString()!)
            : type == typeof(MacAddress) ? MacOf(json.GetString()!)
            : type == typeof(ReadOnlyMemory<byte>) ? (ReadOnlyMemory<byte>)json.GetBytesFromBase64()
            : type == typeof(byte[]) ? json.GetBytesFromBase64()
            : type.IsEnum ? Enum.Parse(type, json.GetString()!)
            : type.IsPrimitive ? Convert.ChangeType(json.GetRawText(), type, CultureInfo.InvariantCulture)
            : json.ValueKind == JsonValueKind.Array ? ReadList(json, ElementOf(type))
            : ReadObject(json, type);
    }

    private static Array ReadList(JsonElement json, Type type)
    {
        Array list = Array.CreateInstance(type, json.GetArrayLength());
        for (int i = 0; i < list.Length; i++)
        {
            list.SetValue(Read(json[i], type), i);
        }

        return list;
    }

    private static object ReadObject(JsonElement json, Type type)
    {
        if (IsOpen(type))
        {
            JsonProperty only = json.EnumerateObject().Single();
            Type? named = typeof(Change).Assembly.GetType(Root + only.Name);
            type = named is { IsAbstract: false } && named.IsAssignableTo(type) ? named : throw new FormatException($"there is no {only.Name}");
            json = only.Value;
        }

        if (type.Assembly != typeof(Change).Assembly && (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(KeyValuePair<,>)))
        {
            throw new FormatException($"{type.Name} is no part of a change");
        }

        object value = RuntimeHelpers.GetUninitializedObject(type);
        Dictionary<string, FieldInfo> fields = FieldsOf(type).ToDictionary(NameOf);
        foreach (JsonProperty part in json.EnumerateObject())
        {
            FieldInfo field = fields.GetValueOrDefault(part.Name) ?? throw new FormatException($"{type.Name} has no {part.Name}");
            field.SetValue(value, Read(part.Value, field.FieldType));
        }

        return value;
    }

    private static MacAddress MacOf(string text) =>
        MacAddress.TryParse(text, out MacAddress mac) ? mac : throw new FormatException($"{text} is no MAC address");

    private static bool IsOpen(Type type) => !type.IsSealed;

    private static object? NothingOf(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? RuntimeHelpers.GetUninitializedObject(type) : null;

    private static Type ElementOf(Type list) => list.IsArray ? list.GetElementType()! : list.GetGenericArguments().Single();

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    // <Name>k__BackingField, _name: Name, name
    private static string NameOf(FieldInfo field) => field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>')] : field.Name.TrimStart('_');
}
