using System;

namespace CniPS.Spec;

/// <summary>Values of a plugin configuration, with their positions in its file.</summary>
/// <param name="text">The file.</param>
/// <param name="start">The plugin configuration's place in it.</param>
/// <param name="prefix">What stands before every message.</param>
/// <param name="report">Takes errors where all are wanted; null to throw the first.</param>
internal sealed class ConfigContext(JsonText text, JsonPath start, string prefix = "", Action<CniException>? report = null) : JsonContext
{
    /// <inheritdoc/>
    public override CniException Error(JsonPath path, string message, string? action = null) =>
        text.Invalid(start.Append(path), prefix + message, action, path);

    /// <inheritdoc/>
    public override void Report(CniException error)
    {
        if (report is null)
        {
            throw error;
        }

        report(error);
    }

    /// <inheritdoc/>
    public override string Describe(JsonPath path) => path.Parent is null ? "a plugin configuration" : base.Describe(path);
}
