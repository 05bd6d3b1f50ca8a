using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>The vectors' plugins: shell scripts that write their call down and answer each command from files.</summary>
internal sealed class VectorDoubles : IDisposable
{
    // The awk program prints the object behind "prevResult":, minding braces inside strings.
    private const string Script = """
        #!/bin/sh
        me=${0##*/}
        d=$(mktemp -d "LOG/$(date +%s%N).XXXXXX")
        env > "$d/env"
        cat > "$d/stdin"
        printf %s "$me" > "$d/type"
        a="ANSWERS/$me.$CNI_COMMAND"
        [ -f "$a.sleep" ] && sleep "$(cat "$a.sleep")"
        [ -f "$a.stderr" ] && cat "$a.stderr" >&2
        if [ -f "$a.passthrough" ]; then
          awk '{ s = s $0 } END {
            i = index(s, "\"prevResult\":"); if (i == 0) exit; i += 13; depth = 0; inside = 0
            for (j = i; j <= length(s); j++) {
              c = substr(s, j, 1)
              if (inside) { if (c == "\\") j++; else if (c == "\"") inside = 0; continue }
              if (c == "\"") inside = 1; else if (c == "{") depth++; else if (c == "}" && --depth == 0) { print substr(s, i, j - i + 1); exit }
            }
          }' "$d/stdin"
        fi
        [ -f "$a.stdout" ] && cat "$a.stdout"
        [ -f "$a.exit" ] && exit "$(cat "$a.exit")"
        exit 0
        """;

    private readonly PluginBench _bench = new();

    internal string Folder => _bench.Folder;

    internal string Bin => _bench.Bin;

    internal string Cache => _bench.Cache;

    private string Answers => Path.Join(Folder, "answers");

    internal void Install(JsonElement plugins)
    {
        foreach (JsonProperty plugin in plugins.EnumerateObject())
        {
            Install(plugin.Name, plugin.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value));
        }
    }

    internal void Install(string type, IReadOnlyDictionary<string, JsonElement> commands)
    {
        Directory.CreateDirectory(Answers);
        _bench.Script(type, Script.Replace("LOG", Path.Join(Folder, "log"), StringComparison.Ordinal)
            .Replace("ANSWERS", Answers, StringComparison.Ordinal));
        foreach ((string command, JsonElement answer) in commands)
        {
            foreach (JsonProperty part in answer.EnumerateObject())
            {
                (string name, string text) = part.Name == "sleepMs"
                    ? ("sleep", (part.Value.GetInt32() / 1000.0).ToString(CultureInfo.InvariantCulture))
                    : (part.Name, part.Value.ToString());
                File.WriteAllText(Path.Join(Answers, $"{type}.{command}.{name}"), text);
            }
        }
    }

    /// <summary>Puts the vector's own files and cache files where they belong.</summary>
    internal void Prepare(JsonElement input)
    {
        WriteAll(input, "files", Folder);
        WriteAll(input, "cache", _bench.Results);
    }

    internal List<PluginLog> TakeCalls() => _bench.TakeCalls();

    internal Dictionary<string, string> CacheFiles() =>
        _bench.CacheFiles().ToDictionary(name => name, name => File.ReadAllText(Path.Join(_bench.Results, name)));

    public void Dispose() => _bench.Dispose();

    private static void WriteAll(JsonElement input, string key, string folder)
    {
        if (input.TryGetProperty(key, out JsonElement files))
        {
            foreach (JsonProperty file in files.EnumerateObject())
            {
                string path = Path.Join(folder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Value.GetString());
            }
        }
    }
}
