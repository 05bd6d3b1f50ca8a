using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;

namespace CniPS.Engine.Tests.Docs;

/// <summary>What a plugin would do for an example, as commands: really planned, on a private machine that forwards nothing and has an eth0.</summary>
internal sealed class PluginPlan : IOperationObserver
{
    private readonly string _type;
    private readonly Stack<string> _callers = new();
    private readonly List<string> _commands = [];

    private PluginPlan(string type) => _type = type;

    /// <summary>The commands of ADD, and those of DEL after it.</summary>
    /// <param name="type">The plugin; what others in the list do is left out, what it has others do is not.</param>
    /// <param name="example">The network configuration list.</param>
    /// <param name="capabilities">The capability arguments.</param>
    internal static (string Add, string Delete) Of(string type, string example, JsonElement? capabilities)
    {
        using Sandbox sandbox = new();
        sandbox.RunOnHost("sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0");
        sandbox.RunOnHost("ip link add eth0 type veth peer name outside");
        string container = sandbox.AddNamespace("blue");
        NetworkConfigurationList list = NetworkConfigurationList.Parse(JsonSerializer.SerializeToUtf8Bytes(WithFolders(example, sandbox.Folder)));
        Attachment attachment = new()
        {
            ContainerId = "web1",
            NetNS = NamedNamespaces.PathOf(container),
            InterfaceName = "eth0",
            CapabilityArgs = capabilities is { } args ? [.. Properties(args)] : [],
        };
        PluginPlan plan = new(type);
        CniRuntime runtime = new(
            new PlannedHost(sandbox.Host),
            RuntimeOptions.Default with { CacheFolder = sandbox.CacheFolder, PluginSource = PluginSource.Native },
            plan);
        runtime.Add(list, attachment);
        string added = plan.Take(sandbox, container);
        runtime.Delete(list, attachment);
        return (added, plan.Take(sandbox, container));
    }

    public void Calling(string type, PluginRequest request, string? program) => _callers.Push(type);

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) => _callers.Pop();

    public void Changed(Change change)
    {
        if (_callers.Contains(_type))
        {
            _commands.Add(change.Text);
        }
    }

    public void Warn(string message)
    {
        // Nothing of what is warned of here belongs on a page.
    }

    // As they are on a machine where the reader is the host.
    private string Take(Sandbox sandbox, string container)
    {
        string text = string.Join('\n', _commands)
            .Replace($" -n {sandbox.HostName}", "", StringComparison.Ordinal)
            .Replace($"ip netns exec {sandbox.HostName} ", "", StringComparison.Ordinal)
            .Replace($"netns {sandbox.HostName} ", "netns $$ ", StringComparison.Ordinal) // the shell that the reader types into
            .Replace(container, "blue", StringComparison.Ordinal)
            .Replace(sandbox.Folder, "", StringComparison.Ordinal);
        _commands.Clear();
        return text;
    }

    // What is really kept on this machine must not show: every folder of data is moved below another.
    private static JsonNode WithFolders(string example, string root)
    {
        JsonNode list = JsonNode.Parse(example)!;
        foreach (JsonNode? plugin in list["plugins"]!.AsArray())
        {
            Move(plugin!.AsObject(), (string)plugin["type"]!, "dataDir", root);
            if ((string)plugin["type"]! == "flannel")
            {
                string file = root + "/subnet.env";
                File.WriteAllText(file, "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n");
                plugin["subnetFile"] = file;
            }

            if (plugin["ipam"] is JsonObject ipam)
            {
                Move(ipam, (string)ipam["type"]!, "ipam.dataDir", root);
            }
        }

        return list;
    }

    private static void Move(JsonObject json, string type, string key, string root)
    {
        foreach (PluginKey declared in NativePlugins.Find(type)!.Schema.Keys)
        {
            if (declared.Path == key)
            {
                json["dataDir"] = root + ((string?)json["dataDir"] ?? declared.Default!.Trim('"'));
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Properties(JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            yield return new(property.Name, property.Value);
        }
    }
}
