using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace CniPS.Tests.Vectors;

/// <summary>
/// The recorded cases: every <c>*.json</c> with <c>vectors</c> in it in tests/vectors, and in the folder CNIPS_VECTORS if that is set.
/// </summary>
public static class VectorFile
{
    private static readonly Lazy<Dictionary<string, Vector>> Vectors = new(Load);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The ids with a reason for differing, of which each must be the id of a vector that may differ.</summary>
    public static IReadOnlyDictionary<string, string> Deviations { get; } = LoadDeviations();

    /// <summary>All cases.</summary>
    public static IReadOnlyCollection<Vector> All => Vectors.Value.Values;

    private static string Folder => Path.Join(Root, "tests", "vectors");

    /// <summary>The cases of some kinds, as theory data: one row per vector, named by its id.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows(params string[] kinds) =>
        Vectors.Value.Where(pair => kinds.Contains(pair.Value.Kind))
            .Select(pair => new TheoryDataRow<string>(pair.Key) { TestDisplayName = pair.Key, Label = "" });

    /// <summary>The case of a row.</summary>
    public static Vector Get(string key) => Vectors.Value[key];

    private static Dictionary<string, Vector> Load()
    {
        Dictionary<string, Vector> vectors = [];
        Load(vectors, Folder, isForeign: false);
        if (Environment.GetEnvironmentVariable("CNIPS_VECTORS") is { Length: > 0 } more)
        {
            Load(vectors, more, isForeign: true);
        }

        return vectors;
    }

    private static void Load(Dictionary<string, Vector> vectors, string folder, bool isForeign)
    {
        foreach (string file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            JsonElement root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("vectors", out JsonElement list))
            {
                foreach (JsonElement json in list.EnumerateArray())
                {
                    Add(vectors, Read(json, isForeign), Path.GetFileName(file));
                }
            }
        }
    }

    private static Vector Read(JsonElement json, bool isForeign)
    {
        string id = json.GetProperty("id").GetString()!;
        return new Vector(
            id,
            json.GetProperty("kind").GetString()!,
            json.GetProperty("conformance").GetString() == "core",
            isForeign,
            json.GetProperty("input"),
            json.GetProperty("expect"),
            Deviations.GetValueOrDefault(id));
    }

    private static void Add(Dictionary<string, Vector> vectors, Vector vector, string file)
    {
        string key = vector.Id;
        for (int i = 1; vectors.TryGetValue(key, out Vector? other); i++)
        {
            if (other.IsSame(vector))
            {
                return;
            }

            key = i == 1 ? $"{vector.Id} ({file})" : $"{vector.Id} ({file}, {i})";
        }

        vectors.Add(key, vector);
    }

    private static Dictionary<string, string> LoadDeviations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Join(Folder, "deviations.json")));
        return document.RootElement.GetProperty("deviations").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString()!);
    }

    private static string FindRoot()
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
