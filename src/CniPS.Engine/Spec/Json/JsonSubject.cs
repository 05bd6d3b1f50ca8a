using System.Text.Json;

namespace CniPS.Spec;

/// <summary>What a <see cref="PluginConfigReader"/> begins at: an object, and what its values belong to.</summary>
public abstract class JsonSubject
{
    private protected JsonSubject(JsonElement json, JsonContext context)
    {
        Json = json;
        Context = context;
    }

    /// <summary>The whole object as it stands.</summary>
    public JsonElement Json { get; }

    /// <summary>How its values name their errors.</summary>
    internal JsonContext Context { get; private protected init; }
}
