using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace CniPS.Benchmarks;

/// <summary>The command line.</summary>
internal sealed class Options
{
    private const string Usage = """
        usage: CniPS.Benchmarks [--json FILE] [--compare FILE] [--quick] [--containers N] [--rounds R] [--only NAME…]
          --json FILE      keep the figures
          --compare FILE   tell what became slower than in the run whose figures that file has
          --quick          engine, cmdlets and bulk with few containers and rounds: a minute, once all is built
          --containers N   how many containers a round attaches and detaches (100)
          --rounds R       how many rounds are measured, besides those that warm up (5)
          --only NAME…     of engine, cmdlets, executable, store, ptp, portmap, podman, crowd, bulk
        """;

    private static readonly string[] s_parts = ["engine", "cmdlets", "executable", "store", "ptp", "portmap", "podman", "crowd", "bulk"];

    private readonly HashSet<string> _only = [];

    public string? Json { get; private set; }

    /// <summary>The figures of an earlier run.</summary>
    public string? Compare { get; private set; }

    /// <summary>Whether a minute is all there is.</summary>
    public bool Quick { get; private set; }

    public int Containers { get; private set; } = 100;

    public int Rounds { get; private set; } = 5;

    /// <summary>Where the things to measure lie; null outside the private namespaces.</summary>
    public string? Workshop { get; private set; }

    public bool Wants(string part) => _only.Count == 0 || _only.Contains(part);

    public static Options Parse(string[] arguments)
    {
        Options options = new();
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? option))
        {
            switch (option)
            {
                case "--json": options.Json = Path.GetFullPath(Value(option, rest)); break;
                case "--compare": options.Compare = Path.GetFullPath(Value(option, rest)); break;
                case "--quick": options.BeQuick(); break;
                case "--containers": options.Containers = Number(option, rest, 10_000); break;
                case "--rounds": options.Rounds = Number(option, rest, 1_000); break;
                case "--only": options.ReadParts(rest); break;
                case "--inside": options.Workshop = Value(option, rest); break;
                default: throw new UsageException(Usage);
            }
        }

        return options;
    }

    private void BeQuick()
    {
        Quick = true;
        Containers = 40;
        Rounds = 2;
        _only.UnionWith(["engine", "cmdlets", "bulk"]);
    }

    private void ReadParts(Queue<string> rest)
    {
        do
        {
            string part = Value("--only", rest);
            _only.Add(Array.IndexOf(s_parts, part) >= 0
                ? part
                : throw new UsageException($"--only {part}: one of {string.Join(", ", s_parts)}"));
        }
        while (rest.TryPeek(out string? next) && !next.StartsWith('-'));
    }

    private static string Value(string option, Queue<string> rest) =>
        rest.TryDequeue(out string? value) ? value : throw new UsageException($"{option} needs a value\n{Usage}");

    private static int Number(string option, Queue<string> rest, int most)
    {
        string text = Value(option, rest);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= most
            ? number
            : throw new UsageException($"{option} {text}: a number from 1 to {most}");
    }
}
