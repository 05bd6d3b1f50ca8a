using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace CniPS.Tests;

/// <summary>
/// Spoils texts and bytes for the fuzz targets: values of JSON replaced, taken away, doubled; bytes flipped, cut out, put in. One seed gives one
/// sequence, so that a failure comes again. CNIPS_FUZZ multiplies the number of runs.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] s_values =
    [
        "null", "true", "0", "1", "-1", "4095", "65536", "2147483648", "-9223372036854775809", "1e308", "0.5", "\"\"", "\" \"", "\"a\"", "\"../x\"", "\"/\"",
        "\"/proc/x\"", "\"/dev/zero\"", "\"a\\u0000b\"", "\"a/b\"", "\"a\\nb\"", "\"\\u202e\"", "\"%s\"", "\"$(id)\"", "\"0.0.0.0/0\"", "\"255.255.255.255/32\"",
        "\"10.9.0.0/28\"", "\"1.2.3.4/33\"", "\"::/0\"", "\"fe80::1%lo\"", "\"ff:ff:ff:ff:ff:ff\"", "\"9.9.9\"", "\"host-local\"", "\"bridge\"", "[]", "{}", "[[]]", "[{}]",
        "[null]", "{\"\":null}", "[[{\"subnet\":\"10.9.0.0/28\"}]]",
    ];

    private static readonly byte[][] s_pieces =
    [
        [0xff], [0xef, 0xbb, 0xbf], "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), "//"u8.ToArray(), "1e9999"u8.ToArray(), "NaN"u8.ToArray(), new byte[9], "{"u8.ToArray(),
        "]"u8.ToArray(), "\""u8.ToArray(), "\n"u8.ToArray(), "="u8.ToArray(), ";"u8.ToArray(), [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], Enumerable.Repeat((byte)'[', 600).ToArray(),
    ];

    private static readonly int[] s_numbers = [0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, -1, -4, -5, -8];

    private readonly Random _random = new(seed);

    /// <summary>Runs a target on each sample, on what once failed (<c>tests/corpus/TARGET/</c>), and on spoilt ones.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="samples">Sound inputs.</param>
    /// <param name="run">Reads an input; it must end, and throw nothing but what <paramref name="isTyped"/> knows.</param>
    /// <param name="isTyped">Whether an exception is one that is meant for a person.</param>
    /// <param name="runs">How many spoilt ones.</param>
    internal static void Run(string target, IReadOnlyList<byte[]> samples, Action<byte[]> run, Func<Exception, bool> isTyped, int runs = 2000)
    {
        foreach (byte[] sample in samples)
        {
            run(sample);
        }

        foreach (string file in Corpus(target))
        {
            Try(File.ReadAllBytes(file), file, run, isTyped);
        }

        Mutator mutator = new(11);
        int times = int.TryParse(Environment.GetEnvironmentVariable("CNIPS_FUZZ"), out int factor) ? factor : 1;
        for (int i = 0; i < runs * times; i++)
        {
            Try(mutator.Spoil(samples[i % samples.Count]), $"{target}, run {i}", run, isTyped);
        }
    }

    /// <summary>A spoilt copy.</summary>
    internal byte[] Spoil(byte[] sample)
    {
        byte[] spoilt = sample;
        for (int times = _random.Next(1, 4); times > 0; times--)
        {
            spoilt = _random.Next(3) == 0 ? SpoilBytes(spoilt) : SpoilJson(spoilt) ?? SpoilBytes(spoilt);
        }

        return spoilt;
    }

    private static string[] Corpus(string target)
    {
        string folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Join(folder, "tests", "corpus")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("tests/corpus");
        }

        folder = Path.Join(folder, "tests", "corpus", target);
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private static void Try(byte[] input, string what, Action<byte[]> run, Func<Exception, bool> isTyped)
    {
        try
        {
            run(input);
        }
        catch (Exception e) when (!isTyped(e))
        {
            Assert.Fail($"{what}: {e.GetType().Name}: {e.Message}\nfor {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4000)))}\n{e.StackTrace}");
        }
        catch (Exception)
        {
            // Typed: right.
        }
    }

    private byte[] SpoilBytes(byte[] sample)
    {
        List<byte> bytes = [.. sample];
        int at = _random.Next(bytes.Count + 1);
        switch (_random.Next(6))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)_random.Next(256); break;
            case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at, _random.Next(1, 40))); break;
            case 3: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4: SpoilNumber(bytes, at & ~3); break;
            default: bytes.InsertRange(at, s_pieces[_random.Next(s_pieces.Length)]); break;
        }

        return [.. bytes];
    }

    // Binary formats have numbers, most of them lengths, at multiples of their size.
    private void SpoilNumber(List<byte> bytes, int at)
    {
        int size = 1 << _random.Next(3);
        byte[] number = BitConverter.GetBytes(s_numbers[_random.Next(s_numbers.Length)]);
        for (int i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    private byte[]? SpoilJson(byte[] sample)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(sample);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }

        List<(JsonNode Parent, string? Name, int Index)> places = [];
        try
        {
            Collect(root, places);
            if (places.Count == 0)
            {
                return null;
            }

            (JsonNode parent, string? name, int index) = places[_random.Next(places.Count)];
            JsonNode? value = JsonNode.Parse(s_values[_random.Next(s_values.Length)]);
            if (parent is JsonObject map)
            {
                SpoilProperty(map, name!, value);
            }
            else
            {
                SpoilElement((JsonArray)parent, index, value);
            }

            return Encoding.UTF8.GetBytes(root!.ToJsonString());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null; // a key twice, or half a character, which a JsonObject can't hold
        }
    }

    private void SpoilProperty(JsonObject map, string name, JsonNode? value)
    {
        switch (_random.Next(5))
        {
            case 0: map.Remove(name); break;
            case 1: map[name.ToUpperInvariant()] = value; break;
            case 2: map[name] = new JsonArray(map[name]?.DeepClone()); break;
            default: map[name] = value; break;
        }
    }

    private void SpoilElement(JsonArray list, int index, JsonNode? value)
    {
        switch (_random.Next(4))
        {
            case 0: list.RemoveAt(index); break;
            case 1: Enumerable.Range(0, 30).ToList().ForEach(_ => list.Add(list[index]?.DeepClone())); break;
            default: list[index] = value; break;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode Parent, string? Name, int Index)> places)
    {
        switch (node)
        {
            case JsonObject map:
                foreach ((string name, JsonNode? value) in map)
                {
                    places.Add((map, name, 0));
                    Collect(value, places);
                }

                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    places.Add((list, null, i));
                    Collect(list[i], places);
                }

                break;
        }
    }
}
