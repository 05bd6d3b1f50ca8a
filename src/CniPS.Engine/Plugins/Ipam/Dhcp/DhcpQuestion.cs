using System;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>What the dhcp daemon is asked, as one line of JSON (docs/dhcp.md).</summary>
internal sealed record DhcpQuestion
{
    /// <summary>The version of the protocol.</summary>
    internal const int Protocol = 1;

    /// <summary>ADD, CHECK, DEL, GC, STATUS; or LIST, which is no verb of CNI.</summary>
    internal required string Command { get; init; }

    internal string ContainerId { get; init; } = "";

    /// <summary>The namespace's path, absolute: the daemon has another working folder.</summary>
    internal string NetNS { get; init; } = "";

    internal string InterfaceName { get; init; } = "";

    internal CniArgs Args { get; init; } = CniArgs.Empty;

    /// <summary>The plugin's configuration as it stands; null for LIST.</summary>
    internal PluginConfiguration? Configuration { get; init; }

    /// <summary>The question that a plugin's request is.</summary>
    internal static DhcpQuestion Of(PluginCall call) => new()
    {
        Command = call.Request.Verb.ToCommand(),
        ContainerId = call.ContainerId,
        NetNS = call.Request.NetNS.Length > 0 ? System.IO.Path.GetFullPath(call.Request.NetNS) : "",
        InterfaceName = call.InterfaceName,
        Args = call.Request.Args,
        Configuration = call.Configuration,
    };

    /// <summary>Reads a question.</summary>
    /// <exception cref="CniException">It is none of this protocol.</exception>
    internal static DhcpQuestion Parse(ReadOnlyMemory<byte> line)
    {
        JsonElement json = JsonText.Parse(line, null, "error parsing the question: ").Root;
        if (!DaemonLine.IsOfVersion(json, Protocol))
        {
            throw new CniException(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"the daemon speaks version {Protocol} of its protocol only")
            {
                RecommendedAction = "Run daemon and plugin from the same version of CniPS.",
            };
        }

        return new DhcpQuestion
        {
            Command = DaemonLine.Text(json, "command"),
            ContainerId = DaemonLine.Text(json, "containerId"),
            NetNS = DaemonLine.Text(json, "netns"),
            InterfaceName = DaemonLine.Text(json, "ifname"),
            Args = CniArgs.Parse(DaemonLine.Text(json, "args")),
            Configuration = json.TryGetProperty("config", out JsonElement config)
                ? PluginConfiguration.ParseRequest(JsonBytes.Write(writer => JsonBytes.Copy(writer, config)))
                : null,
        };
    }

    /// <summary>The line, without its end.</summary>
    internal ReadOnlyMemory<byte> ToLine() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cnips", Protocol);
        writer.WriteString("command", Command);
        if (Configuration is not null)
        {
            writer.WriteString("containerId", ContainerId);
            writer.WriteString("netns", NetNS);
            writer.WriteString("ifname", InterfaceName);
            writer.WriteString("args", Args.ToString());
            writer.WritePropertyName("config");
            JsonBytes.Copy(writer, Configuration.Json);
        }

        writer.WriteEndObject();
    });
}
