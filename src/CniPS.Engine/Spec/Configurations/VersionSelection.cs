using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// Which version a network runs with (SPEC, section 1, <c>cniVersions</c>): the highest of those listed, and of <c>cniVersion</c>, that is
/// not higher than ours. Of equal ones, as <c>1</c> and <c>1.0.0</c>, the first listed, as it is written.
/// </summary>
internal static class VersionSelection
{
    /// <summary>Chooses.</summary>
    /// <param name="list">The list's own checks, for errors.</param>
    /// <param name="cniVersion">The list's <c>cniVersion</c>, possibly empty.</param>
    /// <param name="versions">The list's <c>cniVersions</c>.</param>
    public static string Select(ListContext list, string cniVersion, JsonElement versions)
    {
        JsonPath path = JsonPath.Root.Property("cniVersions");
        if (versions.ValueKind != JsonValueKind.Array)
        {
            list.Report(path, $"invalid type for cniVersions: {JsonKind.Name(versions)}", "Write an array of versions.");
            return cniVersion;
        }

        var candidates = new List<string>();
        int index = 0;
        foreach (JsonElement entry in versions.EnumerateArray())
        {
            string at = index.ToString(CultureInfo.InvariantCulture);
            JsonPath entryPath = path.Element(index++);
            if (entry.ValueKind != JsonValueKind.String)
            {
                string problem = $"invalid type for cniVersions index {at}: {JsonKind.Name(entry)}";
                list.Report(entryPath, problem, "Write the version as a string.");
            }
            else
            {
                string version = entry.GetString()!;
                AddIfSupported(list, entryPath, candidates, version, $"invalid cniVersions entry {version} at index {at}");
            }
        }

        if (cniVersion.Length > 0)
        {
            AddIfSupported(list, JsonPath.Root.Property("cniVersion"), candidates, cniVersion, $"invalid cniVersion {cniVersion}");
        }

        return Highest(candidates) ?? cniVersion;
    }

    private static void AddIfSupported(ListContext list, JsonPath path, List<string> candidates, string version, string refusal)
    {
        try
        {
            if (CniVersion.Parse(version) <= CniVersion.Parse(CniVersion.Current))
            {
                candidates.Add(version);
            }
        }
        catch (CniException e) when (e.ErrorId == CniErrorIds.InvalidVersion)
        {
            list.Report(path, $"{refusal}: {e.Msg}", e.RecommendedAction);
        }
    }

    private static string? Highest(List<string> candidates)
    {
        string? highest = null;
        foreach (string candidate in candidates)
        {
            if (highest is null || CniVersion.Parse(candidate) > CniVersion.Parse(highest))
            {
                highest = candidate;
            }
        }

        return highest;
    }
}
