using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Machine;
using CniPS.Plugin.Protocol;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The recorded behaviour of plugin programs made with the Go library skel, held against <see cref="PluginProtocol"/>.</summary>
public sealed class PluginVectorTests
{
    public static IEnumerable<TheoryDataRow<string>> Vectors => VectorFile.Rows("plugin-exec");

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Answers_as_recorded(string key)
    {
        Vector vector = VectorFile.Get(key);
        VectorCheck.Hold(vector, () => Difference(vector));
    }

    private static string? Difference(Vector vector)
    {
        string? called = null;
        string? Variable(string name) => vector.Input.GetProperty("env").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        PluginProtocol protocol = new(
            new Double(vector.Input),
            Variable,
            () => Encoding.UTF8.GetBytes(vector.Text("stdin")),
            request =>
            {
                Guard(request, PluginVariables.MayBeHostNamespace(Variable));
                called = request.Verb.ToCommand();
                return Callback(vector.Text("callback"));
            },
            () => vector.Text("about"));

        PluginAnswer answer = protocol.Answer();

        string output = Encoding.UTF8.GetString(answer.Output.Span);
        return Compare("exit", $"{answer.ExitCode}", vector.Expect.GetProperty("exit").GetRawText())
            ?? Compare("called", called, vector.Expect.GetProperty("callbackCalled").GetString())
            ?? (vector.Expect.TryGetProperty("stdoutText", out JsonElement text) ? Compare("output", output, text.GetString()) : null)
            ?? (vector.Expect.TryGetProperty("stdout", out JsonElement json) ? ErrorDifference(json, output, vector.Expect) : null)
            ?? (vector.Expect.TryGetProperty("stderr", out JsonElement error) ? Compare("stderr", answer.ErrorText, error.GetString()) : null);
    }

    // What stands between the protocol and a plugin.
    private static void Guard(PluginRequest request, bool allowed)
    {
        using LinuxHost host = new();
        RuntimeOptions options = RuntimeOptions.Default with { AllowHostNamespace = allowed };
        using PluginContext context = new() { Host = host, Transaction = new Transaction(host), Plugins = new PluginInvoker(host, options) };
        HostNamespaceGuard.Guard(request, context, options, observer: null);
    }

    private static CniResult? Callback(string kind) => kind switch
    {
        "ok" => null,
        "plain" => throw new InvalidOperationException("plain failure"),
        "typed" => throw new CniException("Test", (CniErrorCode)107, "typed failure", "more"),
        "wrapped" => throw new InvalidOperationException("outer", new CniException("Test", CniErrorCode.TryAgainLater, "inner")),
        _ => throw new NotSupportedException(kind),
    };

    private static string? ErrorDifference(JsonElement expected, string output, JsonElement expect)
    {
        JsonElement actual = JsonDocument.Parse(output).RootElement;
        if (!expected.TryGetProperty("code", out JsonElement code))
        {
            return JsonSame.Same(expected, actual) ? null : $"{output}; expected: {expected}"; // versions
        }

        string message = actual.GetProperty("msg").GetString()!;
        bool prefix = expect.TryGetProperty("msgMatch", out JsonElement match) && match.GetString() == "prefix";
        return Compare("code", actual.GetProperty("code").GetRawText(), code.GetRawText())
            ?? (!prefix ? Compare("msg", message, expected.GetProperty("msg").GetString()) ?? Compare("details", Text(actual, "details"), Text(expected, "details"))
                : message.StartsWith(expect.GetProperty("msgPrefix").GetString()!, StringComparison.Ordinal) ? null
                : $"msg {message}; expected: {expected}");
    }

    private static string? Compare(string what, string? actual, string? expected) =>
        actual == expected ? null : $"{what} {actual}; expected: {expected}";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

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

        public void Validate(PluginCall call) => throw new NotSupportedException();

        public CniResult Add(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void Delete(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void Status(PluginCall call, PluginContext context) => throw new NotSupportedException();

        public void CollectGarbage(PluginCall call, PluginContext context) => throw new NotSupportedException();
    }
}
