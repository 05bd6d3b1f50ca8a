using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Engine.Tests.Spec;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>The recorded cases of what libcni does with lists and programs, against the runtime with libcni's temperament.</summary>
public sealed class RuntimeVectorTests : IDisposable
{
    internal static readonly string[] Kinds = ["exec-result", "find-plugin", "order", "delegate"];

    private readonly VectorDoubles _doubles = new();

    public static IEnumerable<TheoryDataRow<string>> Vectors => VectorFile.Rows(Kinds);

    public void Dispose() => _doubles.Dispose();

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Behaves_as_recorded(string key)
    {
        Vector vector = VectorFile.Get(key);
        VectorCheck.Hold(vector, () => vector.Kind switch
        {
            "exec-result" => VectorError.Difference(vector.Expect, _doubles.Folder, () => ExecResult(vector)),
            "find-plugin" => VectorError.Difference(vector.Expect, _doubles.Folder, () => FindPlugin(vector)),
            "delegate" => Delegate(vector),
            "order" => Order(vector),
            string kind => throw new InvalidOperationException($"no runner for {kind}"),
        });
    }

    private RuntimeOptions Options => RuntimeOptions.Libcni with
    {
        PluginSource = PluginSource.Path,
        PluginPath = [_doubles.Bin],
        CacheFolder = _doubles.Cache,
        Environment = [new("PATH", Environment.GetEnvironmentVariable("PATH")!)],
    };

    private string? ExecResult(Vector vector)
    {
        _doubles.Install("x", new Dictionary<string, JsonElement> { ["ADD"] = JsonSerializer.SerializeToElement(new { stdout = vector.Text("stdout") }) });
        CniResult result = Invoke("x", CniVerb.Add, vector.Text("config"), Options)!;
        return CompareJson(Json(result), vector.Expect.GetProperty("result"))
            ?? (result.CniVersion == vector.Expect.GetProperty("resultVersion").GetString() ? null : $"version {result.CniVersion}");
    }

    private static CniResult? Invoke(string type, CniVerb verb, string config, RuntimeOptions options, IReadOnlyDictionary<string, string>? variables = null)
    {
        string Variable(string name) => variables?.GetValueOrDefault(name) ?? "";
        using LinuxHost host = new();
        PluginInvoker invoker = new(host, options);
        using PluginContext context = new() { Host = host, Transaction = new Transaction(host), Plugins = invoker };
        PluginRequest request = new()
        {
            Verb = verb,
            ContainerId = Variable("CNI_CONTAINERID"),
            NetNS = Variable("CNI_NETNS"),
            InterfaceName = Variable("CNI_IFNAME"),
            Args = CniArgs.Parse(Variable("CNI_ARGS")),
            Path = options.PluginPath,
            Config = Encoding.UTF8.GetBytes(config),
        };
        return invoker.Invoke(type, request, context);
    }

    private string? FindPlugin(Vector vector)
    {
        foreach (JsonProperty file in vector.Input.GetProperty("files").EnumerateObject())
        {
            string path = Path.Join(_doubles.Folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!file.Name.EndsWith('/'))
            {
                File.WriteAllText(path, file.Value.GetString());
            }
        }

        string[] folders = [.. vector.Input.GetProperty("paths").EnumerateArray().Select(p => Expand(p.GetString()!))];
        string found = PluginFinder.Find(vector.Text("name"), folders);
        string expected = Expand(vector.Expect.GetProperty("path").GetString()!);
        return found == expected ? null : $"{found}; expected: {expected}";
    }

    private string? Delegate(Vector vector)
    {
        _doubles.Install(vector.Input.GetProperty("plugins"));
        Dictionary<string, string> variables = vector.Input.GetProperty("env").EnumerateObject()
            .ToDictionary(v => v.Name, v => Expand(v.Value.GetString()!));
        RuntimeOptions options = Options with
        {
            PluginPath = variables.TryGetValue("CNI_PATH", out string? path) && path.Length > 0 ? path.Split(':') : [],
            Environment = [.. Options.Environment!, .. variables],
        };
        if (!CniVerbs.TryParse(vector.Text("what"), out CniVerb verb))
        {
            throw new InvalidOperationException($"no runner for {vector.Text("what")}");
        }

        return VectorError.Difference(vector.Expect, _doubles.Folder, () =>
        {
            CniResult? result = Invoke(vector.Text("name"), verb, vector.Text("config"), options, variables);
            return vector.Expect.TryGetProperty("result", out JsonElement expected) ? CompareJson(Json(result), expected) : null;
        }) ?? InvocationDifference(vector.Expect);
    }

    private string? Order(Vector vector)
    {
        _doubles.Install(vector.Input.GetProperty("plugins"));
        _doubles.Prepare(vector.Input);
        NetworkConfigurationList list = vector.Input.TryGetProperty("conflistFile", out JsonElement file)
            ? NetworkConfigurationList.Load(Path.Join(_doubles.Folder, file.GetString()))
            : Parse(vector.Text("conflist"));
        RuntimeOptions options = Options with
        {
            PluginPath = vector.Input.TryGetProperty("nopath", out JsonElement nopath) && nopath.GetBoolean() ? [] : [_doubles.Bin],
            Environment = vector.Input.TryGetProperty("env", out JsonElement env)
                ? [.. Options.Environment!, .. env.EnumerateObject().Select(v => new KeyValuePair<string, string>(v.Name, v.Value.GetString()!))]
                : Options.Environment,
        };
        int number = 0;
        foreach ((JsonElement step, JsonElement expect) in vector.Input.GetProperty("steps").EnumerateArray()
            .Zip(vector.Expect.GetProperty("steps").EnumerateArray()))
        {
            if (StepDifference(step, expect, list, options) is { } difference)
            {
                return $"step {number}: {difference}";
            }

            number++;
        }

        return null;
    }

    private string? StepDifference(JsonElement step, JsonElement expect, NetworkConfigurationList list, RuntimeOptions options)
    {
        if (step.TryGetProperty("conflist", out JsonElement other))
        {
            list = Parse(other.GetString()!);
        }

        if (step.TryGetProperty("timeoutMs", out JsonElement timeout))
        {
            options = options with { Timeout = TimeSpan.FromMilliseconds(timeout.GetInt32()) };
        }

        using LinuxHost host = new();
        CniRuntime runtime = new(host, options);
        Attachment attachment = AttachmentOf(step);
        return VectorError.Difference(expect, _doubles.Folder, () => Run(runtime, step, expect, list, attachment))
            ?? InvocationDifference(expect) ?? CacheDifference(expect);
    }

    private static string? Run(CniRuntime runtime, JsonElement step, JsonElement expect, NetworkConfigurationList list, Attachment attachment)
    {
        switch (step.GetProperty("op").GetString())
        {
            case "add":
                return CompareJson(Json(runtime.Add(list, attachment)), expect.GetProperty("result"));
            case "del":
                runtime.Delete(list, attachment);
                return null;
            case "check":
                return runtime.Check(list, attachment).Count == 0 ? null : "differences";
            case "status":
                runtime.Status(list);
                return null;
            case "gc":
                runtime.CollectGarbage(list, Valid(step));
                return null;
            case "validate":
                return CompareJson(JsonSerializer.Serialize(runtime.Validate(list)), expect.GetProperty("capabilities"));
            case "version":
                return CompareJson(
                    JsonSerializer.Serialize(runtime.Version(step.GetProperty("plugin").GetString()!).SupportedVersions),
                    expect.GetProperty("supportedVersions"));
            case "attachments":
                return Attachments(runtime, step, expect);
            case "cached-result":
                CniResult? result = runtime.Cache.FindResult(
                    list.Name, attachment.ContainerId, attachment.InterfaceName, list.CniVersion, keepUnknownFields: false);
                return CompareJson(Json(result), expect.GetProperty("cachedResult"));
            case "cached-config":
                return CachedConfiguration(runtime, expect, list, attachment);
            case string op:
                throw new InvalidOperationException($"no runner for {op}");
            default:
                throw new InvalidOperationException("no op");
        }
    }

    private static string? Attachments(CniRuntime runtime, JsonElement step, JsonElement expect)
    {
        string filter = step.TryGetProperty("filter", out JsonElement f) ? f.GetString()! : "";
        var found = runtime.Cache.List().Where(a => filter.Length == 0 || a.ContainerId == filter).Select(a => new
        {
            capabilityArgs = Capabilities(a),
            cniArgs = Arguments(a.Args),
            containerID = a.ContainerId,
            ifName = a.InterfaceName,
            netns = a.NetNS,
            network = a.Network,
        });
        return CompareJson(JsonSerializer.Serialize(found), expect.GetProperty("attachments"));
    }

    private static string? CachedConfiguration(CniRuntime runtime, JsonElement expect, NetworkConfigurationList list, Attachment attachment)
    {
        CachedAttachment? cached = runtime.Cache.Find(list.Name, attachment.ContainerId, attachment.InterfaceName);
        string config = cached is null ? "" : Encoding.UTF8.GetString(cached.ConfigBytes.Span);
        if (config != expect.GetProperty("cachedConfig").GetString())
        {
            return $"cached config {config}";
        }

        return cached is null || !expect.TryGetProperty("rt", out JsonElement rt) ? null : CompareJson(
            JsonSerializer.Serialize(new { args = Arguments(cached.Args), capArgs = Capabilities(cached), netns = attachment.NetNS }), rt);
    }

    private static string[][]? Arguments(CniArgs args) => args.Pairs.Count == 0 ? null : [.. args.Pairs.Select(p => new[] { p.Key, p.Value })];

    private static Dictionary<string, JsonElement>? Capabilities(CachedAttachment attachment) =>
        attachment.CapabilityArgs.Count == 0 ? null : attachment.CapabilityArgs.ToDictionary(p => p.Key, p => p.Value);

    private static Attachment AttachmentOf(JsonElement step)
    {
        string Text(string name) => step.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        return new Attachment
        {
            ContainerId = Text("containerID"),
            InterfaceName = Text("ifName"),
            NetNS = Text("netns"),
            Args = step.TryGetProperty("args", out JsonElement args)
                ? new CniArgs(args.EnumerateArray().Select(p => new KeyValuePair<string, string>(p[0].GetString()!, p[1].GetString()!)))
                : CniArgs.Empty,
            CapabilityArgs = step.TryGetProperty("capArgs", out JsonElement caps)
                ? [.. caps.EnumerateObject().Select(p => new KeyValuePair<string, JsonElement>(p.Name, p.Value))]
                : [],
        };
    }

    private static List<AttachmentKey>? Valid(JsonElement step) => step.TryGetProperty("valid", out JsonElement valid)
        ? [.. valid.EnumerateArray().Select(v => new AttachmentKey(v.GetProperty("containerID").GetString()!, v.GetProperty("ifname").GetString()!))]
        : null;

    private string? InvocationDifference(JsonElement expect) =>
        VectorCalls.Difference(_doubles.TakeCalls(), expect.GetProperty("invocations"), Expand);

    private string? CacheDifference(JsonElement expect)
    {
        Dictionary<string, string> files = _doubles.CacheFiles();
        JsonElement expected = expect.GetProperty("cacheFiles");
        string[] names = [.. expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];
        if (!names.SequenceEqual(files.Keys.Order(StringComparer.Ordinal)))
        {
            return $"cache files {string.Join(' ', files.Keys)}, expected {string.Join(' ', names)}";
        }

        foreach (JsonProperty file in expected.EnumerateObject())
        {
            bool same = file.Value.ValueKind == JsonValueKind.String ? files[file.Name] == file.Value.GetString()
                : CompareJson(files[file.Name], file.Value) is null;
            if (!same)
            {
                return $"cache file {file.Name}: {files[file.Name]}; expected: {file.Value}";
            }
        }

        return null;
    }

    private string Expand(string text) => text.Replace("${DIR}", _doubles.Folder, StringComparison.Ordinal);

    private static string Json(CniResult? result) => result is null ? "null" : Encoding.UTF8.GetString(result.ToJson());

    private static string? CompareJson(string actual, JsonElement expected) =>
        JsonSame.Same(JsonDocument.Parse(actual).RootElement, expected) ? null : $"{actual}; expected: {expected.GetRawText()}";

    private static NetworkConfigurationList Parse(string json) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json));
}
