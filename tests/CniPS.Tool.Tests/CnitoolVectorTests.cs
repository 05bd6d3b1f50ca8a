using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Engine.Tests.Runtime;
using CniPS.Runtime;
using CniPS.Tests.Vectors;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The recorded behaviour of cnitool, against the native executable under that name.</summary>
public sealed class CnitoolVectorTests(NativeExecutable executable) : IDisposable
{
    private readonly VectorDoubles _doubles = new();

    public static IEnumerable<TheoryDataRow<string>> Vectors => VectorFile.Rows("cnitool");

    private string State => Path.Join(_doubles.Folder, "state");

    public void Dispose() => _doubles.Dispose();

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Behaves_as_recorded(string key)
    {
        Sandbox.Require();
        Vector vector = VectorFile.Get(key);
        string link = executable.Cnitool; // a build that fails is no difference of a vector
        VectorCheck.Hold(vector, () => Difference(vector, link));
    }

    private string? Difference(Vector vector, string link)
    {
        foreach (JsonProperty file in vector.Input.GetProperty("files").EnumerateObject())
        {
            string path = Path.Join(_doubles.Folder, "net.d", file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!file.Name.EndsWith('/'))
            {
                File.WriteAllText(path, file.Value.GetString());
            }
        }

        _doubles.Install(vector.Input.GetProperty("plugins"));
        Directory.CreateDirectory(State);
        int number = 0;
        foreach ((JsonElement run, JsonElement expect) in vector.Input.GetProperty("runs").EnumerateArray()
            .Zip(vector.Expect.GetProperty("runs").EnumerateArray()))
        {
            string[] line = [.. run.EnumerateArray().Select(word => word.GetString()!)];
            if (Difference(expect, line, Run(vector, link, line)) is { } difference)
            {
                return $"run {number}: {difference}";
            }

            number++;
        }

        return null;
    }

    // /var/lib is in memory there, and of it only the cache outlives a run.
    private Outcome Run(Vector vector, string link, string[] line)
    {
        var script = new StringBuilder();
        script.Append($"mkdir /var/lib/cni; mount --bind {State} /var/lib/cni; cd {_doubles.Folder}; exec env -i PATH=\"$PATH\"");
        foreach (JsonProperty variable in vector.Input.GetProperty("env").EnumerateObject())
        {
            script.Append($" {variable.Name}={Quote(Expand(variable.Value.GetString()!, line))}");
        }

        script.Append($" {link}");
        foreach (string word in line)
        {
            script.Append($" {Quote(Expand(word, line))}");
        }

        return Sandbox.Run(executable, script.ToString());
    }

    private string? Difference(JsonElement expect, string[] line, Outcome outcome)
    {
        string results = Path.Join(State, "results");
        string[] cached = Directory.Exists(results) ? [.. Directory.GetFiles(results).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];
        string[] expected = [.. expect.GetProperty("cacheFiles").EnumerateArray().Select(name => Expand(name.GetString()!, line)).Order(StringComparer.Ordinal)];
        return (outcome.ExitCode == expect.GetProperty("exit").GetInt32() ? null : outcome.ToString())
            ?? OutputDifference(expect, line, outcome)
            ?? VectorCalls.Difference(_doubles.TakeCalls(), expect.GetProperty("invocations"), text => Expand(text, line))
            ?? (cached.SequenceEqual(expected) ? null : $"cached: {string.Join(' ', cached)}; expected: {string.Join(' ', expected)}");
    }

    private string? OutputDifference(JsonElement expect, string[] line, Outcome outcome)
    {
        foreach (JsonProperty check in expect.EnumerateObject())
        {
            string Expected() => Expand(check.Value.GetString()!, line);
            bool holds = check.Name switch
            {
                "stdoutText" => outcome.Output == Expected(),
                "stdoutJson" => JsonSame.Same(JsonDocument.Parse(outcome.Output).RootElement, check.Value),
                "stdoutContains" => check.Value.EnumerateArray().All(part => outcome.Output.Contains(part.GetString()!, StringComparison.Ordinal)),
                "stderr" => outcome.Error == Expected(),
                "stderrContains" => outcome.Error.Contains(Expected(), StringComparison.Ordinal),
                "stderrRepeatsMessage" => RepeatsMessage(outcome.Error) == check.Value.GetBoolean(),
                "exit" or "invocations" or "cacheFiles" => true,
                string other => throw new NotSupportedException($"no check for {other}"),
            };
            if (!holds)
            {
                return $"{check.Name}\n{outcome}\n--- expected\n{check.Value}";
            }
        }

        return null;
    }

    private static bool RepeatsMessage(string error)
    {
        const string Prefix = "Error: ";
        int end = error.IndexOf("\nUsage:\n", StringComparison.Ordinal) is int usage && usage >= 0 ? usage
            : error.IndexOf("\nRun 'cnitool", StringComparison.Ordinal);
        return error.StartsWith(Prefix, StringComparison.Ordinal) && end > Prefix.Length
            && error.EndsWith($"\n{error[Prefix.Length..end]}\n", StringComparison.Ordinal);
    }

    private string Expand(string text, string[] line) => text
        .Replace("${DIR}", _doubles.Folder, StringComparison.Ordinal)
        .Replace("${CNITOOL_ID}", line.Length == 0 ? "" : CnitoolDefaults.ContainerIdOf(Path.GetFullPath(line[^1], _doubles.Folder)), StringComparison.Ordinal);

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
