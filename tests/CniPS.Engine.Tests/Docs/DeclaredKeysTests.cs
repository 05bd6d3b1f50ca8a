using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Docs;

/// <summary>A plugin declares the keys that it reads, and reads those that it declares: it is given a configuration with all of them.</summary>
public sealed class DeclaredKeysTests
{
    // The specification gives them to every plugin.
    private static readonly string[] s_everyones =
        ["cniVersion", "name", "type", "args", "args.cni", "capabilities", "dns", "ipam", "ipam.type", "prevResult", "runtimeConfig", "cni.dev/valid-attachments"];

    public static TheoryData<string> Types() => [.. NativePlugins.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void WhatIsDeclaredIsReadAndTheReverse(string type)
    {
        ICniPlugin plugin = NativePlugins.Find(type)!;
        string[] declared = [.. plugin.Schema.Keys.Select(key => key.Path).Except(s_everyones)];
        HashSet<string> read = [];
        // Some keys are looked for only where others, which go before them, are missing; some exclude others.
        string[] top = [.. Everything(plugin.Schema).Select(property => property.Key).Except(s_everyones)];
        foreach (string[] without in (string[][])[[], ["args"], ["runtimeConfig"], ["args", "runtimeConfig"], .. top.Select(key => (string[])[key])])
        {
            JsonObject json = Everything(plugin.Schema);
            foreach (string key in without)
            {
                json.Remove(key);
            }

            Read(plugin, json, (path, key) => read.Add(Declared($"{path}.{key}".TrimStart('.'), declared)));
        }

        // dns has the same keys everywhere.
        read.RemoveWhere(key => s_everyones.Contains(key) || (key.StartsWith("dns.", StringComparison.Ordinal) && !declared.Contains("dns.domain")));
        Assert.True(read.SetEquals(declared), $"declared, not read: {string.Join(' ', declared.Except(read))}; read, not declared: {string.Join(' ', read.Except(declared))}");
    }

    private static void Read(ICniPlugin plugin, JsonObject json, Action<JsonPath, string> asked)
    {
        PluginConfiguration configuration = PluginConfiguration
            .ParseRequest(Encoding.UTF8.GetBytes(json.ToJsonString()))
            .Collecting("net", CniVersion.Current, static _ => { });
        configuration.Context.Asked = asked;
        try
        {
            plugin.Validate(new PluginCall(new PluginRequest { Verb = CniVerb.Add, InterfaceName = "eth0", Config = default, Configuration = configuration }));
        }
        catch (CniException)
        {
            // Some keys exclude one another; a plugin tells of that when it has read them all.
        }
    }

    // ipam.ranges[0][1].gateway is ipam.ranges[][].gateway, and what is asked of a dictionary is sysctl.*.
    private static string Declared(string path, string[] declared)
    {
        path = Regex.Replace(path, @"\[\d+\]", "[]");
        foreach (string candidate in declared.Where(candidate => candidate.EndsWith(".*", StringComparison.Ordinal)))
        {
            if (path.StartsWith(candidate[..^1], StringComparison.Ordinal))
            {
                return candidate;
            }
        }

        return path;
    }

    private static JsonObject Everything(PluginSchema schema)
    {
        JsonObject root = new() { ["cniVersion"] = CniVersion.Current, ["name"] = "net", ["type"] = schema.Type };
        foreach (PluginKey key in schema.Keys)
        {
            Put(root, key.Path, key);
        }

        return root;
    }

    private static void Put(JsonObject parent, string path, PluginKey key)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string step = dot < 0 ? path : path[..dot], name = step.TrimEnd('[', ']');
        int depth = (step.Length - name.Length) / 2;
        if (dot < 0)
        {
            parent[name == "*" ? "net.core.somaxconn" : name] ??= Value(key);
            return;
        }

        if (depth == 0)
        {
            if (parent[name] is not JsonObject)
            {
                parent[name] = new JsonObject();
            }

            Put(parent[name]!.AsObject(), path[(dot + 1)..], key);
            return;
        }

        if (parent[name] is not JsonArray { Count: > 0 })
        {
            JsonArray array = [new JsonObject()];
            for (int i = 1; i < depth; i++)
            {
                array = [array];
            }

            parent[name] = array;
        }

        JsonNode element = parent[name]![0]!;
        for (int i = 1; i < depth; i++)
        {
            element = element[0]!;
        }

        Put(element.AsObject(), path[(dot + 1)..], key);
    }

    private static JsonNode Value(PluginKey key) => key.Type switch
    {
        "boolean" => false,
        "integer" => int.TryParse(key.Default, out int number) ? number : 1400,
        "MAC address" => "02:00:00:00:00:07",
        "IP address" => "10.1.0.7",
        "CIDR" => "10.1.0.0/16",
        "object" => new JsonObject(),
        _ when key.Type.StartsWith("array", StringComparison.Ordinal) => new JsonArray(),
        _ => key.Default?.Trim('"') is { Length: > 0 } value ? value : "x",
    };
}
