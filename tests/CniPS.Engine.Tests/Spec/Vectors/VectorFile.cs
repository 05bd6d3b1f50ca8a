using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace CniPS.Engine.Tests.Spec.Vectors;

/// <summary>
/// The recorded cases: every <c>*.json</c> with <c>vectors</c> in it in tests/vectors, and in the folder CNIPS_VECTORS if that is set.
/// </summary>
public static class VectorFile
{
    private static readonly Lazy<Dictionary<string, Vector>> Vectors = new(Load);

    /// <summary>The cases of some kinds, as theory data: one row per vector, named by its id.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows(params string[] kinds) =>
        Vectors.Value.Where(pair => kinds.Contains(pair.Value.Kind))
            .Select(pair => new TheoryDataRow<string>(pair.Key) { TestDisplayName = pair.Key });

    /// <summary>The case of a row.</summary>
    public static Vector Get(string key) => Vectors.Value[key];

    /// <summary>The ids with a reason for differing, of which each must be the id of a vector that may differ.</summary>
    public static IReadOnlyDictionary<string, string> Deviations { get; } = LoadDeviations();

    private static string Folder => Path.Join(RepositoryRoot(), "tests", "vectors");

    private static Dictionary<string, Vector> Load()
    {
        var vectors = new Dictionary<string, Vector>();
        string? more = Environment.GetEnvironmentVariable("CNIPS_VECTORS");
        foreach (string folder in string.IsNullOrEmpty(more) ? [Folder] : new[] { Folder, more })
        {
            foreach (string file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                Add(vectors, file);
            }
        }

        return vectors;
    }

    private static void Add(Dictionary<string, Vector> vectors, string file)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("vectors", out JsonElement list))
        {
            return;
        }

        foreach (JsonElement json in list.EnumerateArray())
        {
            string id = json.GetProperty("id").GetString()!;
            var vector = new Vector(
                id,
                json.GetProperty("kind").GetString()!,
                json.GetProperty("conformance").GetString() == "core",
                json.GetProperty("input"),
                json.GetProperty("expect"),
                Deviations.GetValueOrDefault(id));
            bool known = vectors.TryGetValue(id, out Vector? other)
                && other.Input.GetRawText() == vector.Input.GetRawText() && other.Expect.GetRawText() == vector.Expect.GetRawText();
            if (!known)
            {
                vectors.Add(other is null ? id : $"{id} ({Path.GetFileName(file)})", vector);
            }
        }
    }

    private static Dictionary<string, string> LoadDeviations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Join(Folder, "deviations.json")));
        return document.RootElement.GetProperty("deviations").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString()!);
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "CniPS.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds CniPS.sln.");
    }
}
