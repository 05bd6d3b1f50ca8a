using System;
using System.Buffers;
using System.Management.Automation;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS;

/// <summary>Objects of the pipeline in the specification's own JSON.</summary>
internal static class SpecificationJson
{
    /// <summary>The JSON of an object.</summary>
    /// <param name="value">The object, or one that came back from elsewhere.</param>
    /// <param name="version">The version for a result; null for its own.</param>
    /// <param name="compress">On one line.</param>
    /// <param name="reveals">Whether values that look like credentials are shown.</param>
    /// <exception cref="CniException">The specification has no JSON for it.</exception>
    internal static string Of(PSObject? value, string? version, bool compress, bool reveals) => value?.BaseObject switch
    {
        CniNetwork network => Layout(reveals ? network.Configuration.Bytes : Encoding.UTF8.GetBytes(network.Json), compress),
        CniAttachment { AddResult: { } result } => Of(result, version, compress),
        CniPlan { Plan.PredictedResult: { } result } => Of(result, version, compress),
        CniAddResult { Result: { } result } => Of(result, version, compress),
        ErrorRecord { Exception: CniException error } => OfError(error, version, compress),
        CniException error => OfError(error, version, compress),
        _ => OfRevived(value, version, compress) ?? throw Invalid(value),
    };

    private static string Of(CniResult result, string? version, bool compress) =>
        Layout((version is null ? result : result.ConvertTo(version)).ToJson(), compress);

    private static string OfError(CniException error, string? version, bool compress)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("cniVersion", version ?? Spec.CniVersion.Current);
            writer.WriteNumber("code", (int)error.Code);
            writer.WriteString("msg", error.Msg);
            if (!string.IsNullOrEmpty(error.Details))
            {
                writer.WriteString("details", error.Details);
            }

            writer.WriteEndObject();
        }

        return Layout(buffer.WrittenMemory, compress);
    }

    // Networks and results carry their JSON, attachments and plans a result.
    private static string? OfRevived(PSObject? value, string? version, bool compress)
    {
        string? json = Text(value) ?? Text(Property(value, nameof(CniAttachment.Result))) ?? Text(Property(value, nameof(CniPlan.PredictedResult)));
        if (json is null)
        {
            return null;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return version is null || value!.TypeNames.Contains("Deserialized." + typeof(CniNetwork).FullName)
            ? Layout(bytes, compress)
            : Of(CniResult.Parse(bytes), version, compress);
    }

    private static PSObject? Property(PSObject? value, string name) => value?.Properties[name]?.Value is { } property ? PSObject.AsPSObject(property) : null;

    private static string? Text(PSObject? value)
    {
        foreach (string type in value?.TypeNames ?? [])
        {
            if (type == "Deserialized." + typeof(CniNetwork).FullName || type == "Deserialized." + typeof(CniAddResult).FullName)
            {
                return value!.Properties["Json"]?.Value as string;
            }
        }

        return null;
    }

    private static string Layout(ReadOnlyMemory<byte> json, bool compress)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        ArrayBufferWriter<byte> buffer = new(json.Length * 2);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = !compress, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static CniException Invalid(PSObject? value) => new(
        ModuleErrorIds.InvalidValue, CniErrorCode.Unknown, $"the specification has no JSON for {(value is null ? "nothing" : value.BaseObject.GetType().Name)}")
    {
        RecommendedAction = "Give a network, an attachment, a result, a plan or an error. ConvertTo-Json writes any object.",
        Target = value,
    };
}
