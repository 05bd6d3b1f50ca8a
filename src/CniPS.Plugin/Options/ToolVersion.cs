namespace CniPS.Plugin.Options;

/// <summary>Which version this is.</summary>
internal static class ToolVersion
{
    /// <summary>The version, as the assembly has it.</summary>
    internal static string Text => typeof(ToolVersion).Assembly.GetName().Version!.ToString(3);
}
