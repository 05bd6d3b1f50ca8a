namespace CniPS.Spec;

/// <summary>Values of what a plugin has answered.</summary>
/// <param name="prefix">What stands before every message.</param>
internal sealed class ResultContext(string prefix = "") : JsonContext
{
    /// <inheritdoc/>
    public override CniException Error(JsonPath path, string message, string? action = null) =>
        new(CniErrorIds.InvalidResult, CniErrorCode.DecodingFailure, prefix + message)
        {
            RecommendedAction = action ?? "The plugin's output is not what the specification asks for: report it to the plugin's authors.",
            Target = path.ToString(),
        };

    /// <inheritdoc/>
    public override string Describe(JsonPath path) => path.Parent is null ? "a result" : base.Describe(path);
}
