using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>
/// tests/vectors/host-local.json, what the Go host-local was seen to do, held against ours; and against the Go program that Debian has, so
/// that the file can't be wrong.
/// </summary>
public sealed class HostLocalVectorTests : IDisposable
{
    private const string Go = "/usr/lib/cni/host-local";

    private static readonly JsonObject s_vectors = Load();

    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-host-local-").FullName;
    private readonly LinuxHost _host = new();

    private string Leases => Path.Combine(_folder, "net");

    public static TheoryData<string> Groups() => [.. s_vectors["groups"]!.AsArray().Select(group => (string)group!["name"]!)];

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void OursDoesAsRecorded(string group) => Hold(Group(group), isOurs: true, Run);

    [Theory]
    [MemberData(nameof(Groups))]
    public void TheGoProgramDoesAsRecorded(string group)
    {
        Assert.SkipUnless(File.Exists(Go), "Debian's containernetworking-plugins is not installed");
        Hold(Group(group), isOurs: false, RunGo);
    }

    private void Hold(JsonObject group, bool isOurs, Func<JsonObject, (CniResult? Result, string? Message)> run)
    {
        foreach ((string name, JsonNode? content) in group["before"]?.AsObject() ?? [])
        {
            string path = Path.Combine(Leases, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, (string)content!);
        }

        foreach (JsonNode? node in group["probes"]!.AsArray())
        {
            JsonObject probe = node!.AsObject();
            if (!isOurs && probe["since"] is not null)
            {
                continue; // Debian's is older
            }

            string label = (string)probe["label"]!;
            JsonObject expected = (isOurs ? probe["ours"] : null)?.AsObject() ?? probe["expect"]!.AsObject();
            (CniResult? result, string? message) = run(probe);
            if (!isOurs && probe["random"] is { } prefix)
            {
                Assert.StartsWith((string)prefix!, message, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal((label, (string?)expected["msg"]), (label, message));
            if (expected["ips"] is JsonArray ips)
            {
                Assert.Equal(ips.Select(ip => (string)ip!), result!.ConvertTo("1.1.0").Ips.Select(ip => $"{ip.Address} {ip.Gateway}"));
            }

            if (expected["routes"] is JsonArray routes)
            {
                JsonNode given = JsonNode.Parse(result!.ToJson())!["routes"]!;
                Assert.True(JsonNode.DeepEquals(routes, given), $"{label}: {given.ToJsonString()}");
            }

            foreach ((string name, JsonNode? content) in probe["files"]?.AsObject() ?? [])
            {
                Assert.Equal((label, (string)content!), (label, File.ReadAllText(Path.Combine(Leases, name))));
            }
        }

        if (group["left"] is JsonArray left)
        {
            Assert.Equal(
                left.Select(name => (string)name!).Order(StringComparer.Ordinal),
                Directory.GetFiles(Leases).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        }
    }

    private (CniResult? Result, string? Message) Run(JsonObject probe)
    {
        PluginInvoker invoker = new(_host, RuntimeOptions.Default with { PluginSource = PluginSource.Native });
        Transaction transaction = new(_host);
        using PluginContext context = new() { Host = _host, Transaction = transaction, Plugins = invoker };
        try
        {
            CniVerb verb = Enum.GetValues<CniVerb>().First(candidate => candidate.ToCommand() == Text(probe, "verb", "ADD"));
            CniResult? result = invoker.Invoke(
                "host-local",
                new PluginRequest
                {
                    Verb = verb, ContainerId = Text(probe, "id", "c1"), InterfaceName = Text(probe, "if", "eth0"), NetNS = "/none",
                    Args = CniArgs.Parse(Text(probe, "args", "")), Config = Encoding.UTF8.GetBytes(Config(probe)),
                },
                context);
            return (result, context.Differences.FirstOrDefault()?.Message);
        }
        catch (CniException e)
        {
            transaction.Rollback();
            return (null, e.Message);
        }
    }

    private (CniResult? Result, string? Message) RunGo(JsonObject probe)
    {
        ProcessStartInfo start = new(Go) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CNI_COMMAND"] = Text(probe, "verb", "ADD");
        start.Environment["CNI_CONTAINERID"] = Text(probe, "id", "c1");
        start.Environment["CNI_IFNAME"] = Text(probe, "if", "eth0");
        start.Environment["CNI_ARGS"] = Text(probe, "args", "");
        start.Environment["CNI_NETNS"] = "/none";
        start.Environment["CNI_PATH"] = "/none";
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(Config(probe));
        process.StandardInput.Close();
        byte[] output = Encoding.UTF8.GetBytes(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return process.ExitCode != 0 ? (null, JsonDocument.Parse(output).RootElement.GetProperty("msg").GetString())
            : output.Length > 0 ? (CniResult.Parse(output), null)
            : (null, null);
    }

    private string Config(JsonObject probe)
    {
        JsonObject config = new() { ["cniVersion"] = Text(probe, "version", "1.0.0"), ["name"] = "net", ["type"] = "x" };
        foreach ((string name, JsonNode? value) in probe["top"]?.AsObject() ?? [])
        {
            config[name] = value?.DeepClone();
        }

        if (probe["ipam"]?.DeepClone() is JsonObject ipam)
        {
            ipam["type"] = "host-local";
            ipam["dataDir"] = _folder;
            config["ipam"] = ipam;
        }

        return config.ToJsonString();
    }

    private static JsonObject Group(string name) => s_vectors["groups"]!.AsArray().First(group => (string)group!["name"]! == name)!.AsObject();

    private static string Text(JsonObject probe, string name, string otherwise) => (string?)probe[name] ?? otherwise;

    private static JsonObject Load() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(VectorFile.Root, "tests/vectors/host-local.json")))!.AsObject();
}
