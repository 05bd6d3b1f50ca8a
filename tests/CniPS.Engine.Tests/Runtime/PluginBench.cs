using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>One call that a test plugin wrote down.</summary>
public sealed record PluginLog(string Type, IReadOnlyDictionary<string, string> Environment, string Stdin)
{
    public string Command => Environment["CNI_COMMAND"];

    public JsonElement Config => JsonDocument.Parse(Stdin).RootElement;

    public override string ToString() => $"{Type}:{Command}";
}

/// <summary>A folder with test plugins, which are shell scripts that write down how they were called, and a cache.</summary>
public sealed class PluginBench : IDisposable
{
    private const string Recorder = """
        #!/bin/sh
        d=$(mktemp -d "LOG/$(date +%s%N).XXXXXX")
        env > "$d/env"
        cat > "$d/stdin"
        printf %s "${0##*/}" > "$d/type"

        """;

    public PluginBench()
    {
        Folder = Directory.CreateTempSubdirectory("cnips-runtime-").FullName;
        Directory.CreateDirectory(Bin);
        Directory.CreateDirectory(LogFolder);
        Host = new LinuxHost { LockFolder = Locks };
    }

    public string Folder { get; }

    public string Bin => Path.Join(Folder, "bin");

    public string Cache => Path.Join(Folder, "cache");

    public string Results => Path.Join(Cache, "results");

    public string Intents => Path.Join(Cache, "cnips", "intents");

    /// <summary>Its own: the namespace is everybody's.</summary>
    public string Locks => Path.Join(Folder, "run", "locks");

    public LinuxHost Host { get; }

    public RecordingObserver Observer { get; } = new();

    public RuntimeOptions Options => RuntimeOptions.Default with { CacheFolder = Cache, PluginPath = [Bin], PluginSource = PluginSource.Path };

    public CniRuntime Runtime(Func<RuntimeOptions, RuntimeOptions>? change = null) => new(Host, change is null ? Options : change(Options), Observer);

    private string LogFolder => Path.Join(Folder, "log");

    /// <summary>A plugin that writes its call down and then does what the script says.</summary>
    public string Plugin(string type, string script = "") =>
        Script(type, Recorder.Replace("LOG", LogFolder, StringComparison.Ordinal) + script);

    /// <summary>A plugin that answers ADD with an address.</summary>
    public string AddingPlugin(string type, string address = "10.0.0.5/24", string rest = "") => Plugin(
        type, $$"""[ "$CNI_COMMAND" = ADD ] && echo '{"cniVersion":"1.0.0","ips":[{"address":"{{address}}"}]}'; {{rest}}""" + "\nexit 0");

    /// <summary>A plugin that fails at one command, with a CNI error.</summary>
    public string FailingPlugin(string type, string command, int code = 107, string msg = "boom") => Plugin(
        type,
        $$"""
        if [ "$CNI_COMMAND" = {{command}} ]; then echo '{"code":{{code}},"msg":"{{msg}}"}'; exit 1; fi
        [ "$CNI_COMMAND" = ADD ] && echo '{"cniVersion":"1.0.0"}'
        exit 0
        """);

    public string Script(string type, string text)
    {
        string path = Path.Join(Bin, type);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>The calls so far, in order, since the last time.</summary>
    public List<PluginLog> TakeCalls()
    {
        List<PluginLog> calls = [];
        foreach (string folder in Directory.GetDirectories(LogFolder).Order(StringComparer.Ordinal))
        {
            Dictionary<string, string> environment = [];
            foreach (string line in File.ReadAllLines(Path.Join(folder, "env")))
            {
                int at = line.IndexOf('=', StringComparison.Ordinal);
                if (at > 0)
                {
                    environment[line[..at]] = line[(at + 1)..];
                }
            }

            calls.Add(new PluginLog(File.ReadAllText(Path.Join(folder, "type")), environment, File.ReadAllText(Path.Join(folder, "stdin"))));
            Directory.Delete(folder, recursive: true);
        }

        return calls;
    }

    /// <summary>The same as <c>type:COMMAND type:COMMAND</c>.</summary>
    public string Calls() => string.Join(' ', TakeCalls());

    /// <summary>A network of plugins named by type.</summary>
    public static NetworkConfigurationList List(params string[] types) =>
        Parse($$"""{"name":"net1","cniVersion":"1.0.0","plugins":[{{string.Join(',', types.Select(t => $$"""{"type":"{{t}}"}"""))}}]}""");

    public static NetworkConfigurationList Parse(string json) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json));

    public static Attachment Attachment(string id = "c1", string ifName = "eth0", string netns = "/run/netns/none") =>
        new() { ContainerId = id, InterfaceName = ifName, NetNS = netns };

    public string[] CacheFiles() => Names(Results);

    public string[] IntentFiles() => Names(Intents);

    public void Dispose()
    {
        Host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string[] Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];
}

/// <summary>Writes down what it is told.</summary>
public sealed class RecordingObserver : IOperationObserver
{
    private readonly List<string> _warnings = [];
    private readonly List<string> _changes = [];
    private readonly List<string> _calls = [];

    public IReadOnlyList<string> Warnings => Copy(_warnings);

    public IReadOnlyList<string> Changes => Copy(_changes);

    public IReadOnlyList<string> Calls => Copy(_calls);

    public void Calling(string type, PluginRequest request, string? program) => Note(_calls, $"{type}:{request.Verb.ToCommand()}");

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }

    public void Changed(Change change) => Note(_changes, change.Text);

    public void Warn(string message) => Note(_warnings, message);

    private static void Note(List<string> list, string text)
    {
        lock (list)
        {
            list.Add(text);
        }
    }

    private static string[] Copy(List<string> list)
    {
        lock (list)
        {
            return [.. list];
        }
    }
}
