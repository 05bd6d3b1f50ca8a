using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Spec;
using CniPS.Tool.Plugin;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The recorded behaviour of plugin programs made with the Go library skel, held against <see cref="PluginProtocol"/>.</summary>
public sealed class PluginVectorTests
{
    private static readonly Dictionary<string, JsonElement> s_vectors = Load();

    public static TheoryData<string> Ids()
    {
        var ids = new TheoryData<string>();
        foreach (string id in s_vectors.Keys)
        {
            // Whose namespace is whose is for the executable's own tests.
            if (!id.Contains("same-netns", StringComparison.Ordinal))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void AnswersAsRecorded(string id)
    {
        JsonElement input = s_vectors[id].GetProperty("input"), expect = s_vectors[id].GetProperty("expect");
        string callback = input.GetProperty("callback").GetString()!;
        string? called = null;
        var protocol = new PluginProtocol(
            new Double(input),
            name => input.GetProperty("env").TryGetProperty(name, out JsonElement value) ? value.GetString() : null,
            () => Encoding.UTF8.GetBytes(input.GetProperty("stdin").GetString()!),
            request =>
            {
                called = request.Verb.ToCommand();
                return callback switch
                {
                    "plain" => throw new InvalidOperationException("plain failure"),
                    "typed" => throw new CniException("Test", (CniErrorCode)107, "typed failure", "more"),
                    _ => null,
                };
            });

        PluginAnswer answer = protocol.Answer();

        Assert.Equal(expect.GetProperty("exit").GetInt32(), answer.ExitCode);
        Assert.Equal(expect.GetProperty("callbackCalled").GetString(), called);
        string output = Encoding.UTF8.GetString(answer.Output.Span);
        if (expect.TryGetProperty("stdoutText", out JsonElement text))
        {
            Assert.Equal(text.GetString(), output);
        }

        if (expect.TryGetProperty("stdout", out JsonElement json))
        {
            CompareError(json, JsonDocument.Parse(output).RootElement, expect);
        }

        if (expect.TryGetProperty("stderr", out JsonElement error))
        {
            // The first line is each plugin's own.
            Assert.Equal(Tail(error.GetString()!), Tail(answer.ErrorText));
        }
    }

    private static void CompareError(JsonElement expected, JsonElement actual, JsonElement expect)
    {
        Assert.Equal(expected.GetProperty("code").GetInt32(), actual.GetProperty("code").GetInt32());
        string message = actual.GetProperty("msg").GetString()!;
        if (expect.TryGetProperty("msgMatch", out JsonElement match) && match.GetString() == "prefix")
        {
            Assert.StartsWith(expect.GetProperty("msgPrefix").GetString()!, message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected.GetProperty("msg").GetString(), message);
        Assert.Equal(Text(expected, "details"), Text(actual, "details"));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string Tail(string text) => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static Dictionary<string, JsonElement> Load()
    {
        var vectors = new Dictionary<string, JsonElement>();
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(Repository.Path("tests/vectors/libcni.json"))).RootElement;
        foreach (JsonElement vector in root.GetProperty("vectors").EnumerateArray())
        {
            if (vector.GetProperty("kind").GetString() == "plugin-exec")
            {
                vectors.Add(vector.GetProperty("id").GetString()!, vector);
            }
        }

        return vectors;
    }

    /// <summary>A plugin that only says which versions it speaks.</summary>
    private sealed class Double : ICniPlugin
    {
        public Double(JsonElement input)
        {
            var versions = new List<string>();
            foreach (JsonElement version in input.GetProperty("supportedVersions").EnumerateArray())
            {
                versions.Add(version.GetString()!);
            }

            SupportedVersions = versions;
        }

        public string Type => "double";

        public IReadOnlyList<string> SupportedVersions { get; }

        public PluginSchema Schema => throw new NotSupportedException();

        public CniResult Add(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void Delete(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void Status(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void CollectGarbage(PluginCall call, PluginContext context) => throw new NotSupportedException();
    }
}
