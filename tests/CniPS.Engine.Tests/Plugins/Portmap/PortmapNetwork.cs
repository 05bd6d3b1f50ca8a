using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A private machine with another host outside, and a network of bridge and portmap on it.</summary>
internal sealed class PortmapNetwork : IDisposable
{
    internal const string HostAddress = "192.0.2.1", OutsideAddress = "192.0.2.2", HostAddress6 = "2001:db8::1", OutsideAddress6 = "2001:db8::2";
    internal const string Gateway = "10.88.0.1", Gateway6 = "fd00:88::1";

    private readonly TestNetwork _network = new();
    private readonly string _outside;
    private readonly List<IDisposable> _servers = [];
    private bool _isOutsideReady;

    internal PortmapNetwork(string keys = "", string bridge = "")
    {
        _outside = _network.Sandbox.AddNamespace("outside");
        Sandbox.Run(
            $"""
            ip -n {HostName} link add out type veth peer name eth0 netns {_outside}
            ip netns exec {HostName} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            ip -n {HostName} addr add {HostAddress}/24 dev out; ip -n {HostName} addr add {HostAddress6}/64 dev out nodad; ip -n {HostName} link set out up
            ip -n {_outside} addr add {OutsideAddress}/24 dev eth0; ip -n {_outside} addr add {OutsideAddress6}/64 dev eth0 nodad; ip -n {_outside} link set eth0 up
            """);
        _network.List = List("mynet", keys, bridge);
    }

    internal Sandbox Sandbox => _network.Sandbox;

    internal string HostName => _network.HostName;

    internal string Outside => _outside;

    internal CniRuntime Runtime => _network.Runtime;

    internal List<string> Steps => _network.Steps;

    internal NetworkConfigurationList Default => _network.List;

    internal string Ruleset => Sandbox.RunOnHost("nft list ruleset");

    /// <summary>A list of this machine: keys of portmap and of bridge are written as given.</summary>
    internal NetworkConfigurationList List(string name, string keys = "", string bridge = "", string subnet = "10.88.0.0/16", string subnet6 = "fd00:88::/64", bool isDefault = true, string more = "")
    {
        keys = keys.Length > 0 ? ", " + keys : "";
        bridge = bridge.Length > 0 ? ", " + bridge : "";
        string routes = isDefault ? "{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}" : "";
        return NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$$"""
            {"cniVersion": "1.1.0", "name": "{{{name}}}", "plugins": [
             {"type": "bridge", "bridge": "{{{(name.Length > 12 ? "br-long" : "br-" + name)}}}", "isGateway": true, "hairpinMode": true{{{bridge}}},
              "ipam": {"type": "host-local", "dataDir": "{{{Sandbox.DataFolder}}}",
               "ranges": [[{"subnet": "{{{subnet}}}"}], [{"subnet": "{{{subnet6}}}"}]], "routes": [{{{routes}}}]}},
             {"type": "portmap", "capabilities": {"portMappings": true}{{{keys}}}}{{{more}}}]}
            """));
    }

    internal Attachment Attachment(string container, string mappings, string interfaceName = "eth0") => _network.Attachment(container, interfaceName) with
    {
        CapabilityArgs = [new("portMappings", JsonDocument.Parse("[" + mappings + "]").RootElement)],
    };

    internal static string Mapping(int hostPort, int containerPort, string protocol = "tcp", string? hostIP = null) =>
        $$"""{"hostPort": {{hostPort}}, "containerPort": {{containerPort}}, "protocol": "{{protocol}}"{{(hostIP is null ? "" : $", \"hostIP\": \"{hostIP}\"")}}}""";

    internal CniResult Add(string container, string mappings, NetworkConfigurationList? list = null, string interfaceName = "eth0") =>
        Runtime.Add(list ?? Default, Attachment(container, mappings, interfaceName))!;

    internal void Delete(string container, string mappings, NetworkConfigurationList? list = null, string interfaceName = "eth0") =>
        Runtime.Delete(list ?? Default, Attachment(container, mappings, interfaceName));

    internal IReadOnlyList<Difference> Check(string container, string mappings) => Runtime.Check(Default, Attachment(container, mappings));

    /// <summary>The real name of a container's namespace.</summary>
    internal string Container(string name) => _network.Container(name);

    internal void Serve(string container, ProtocolType protocol, int port)
    {
        _servers.Add(new EchoServer(Container(container), container, protocol, false, port));
        _servers.Add(new EchoServer(Container(container), container, protocol, true, port));
    }

    internal string? Ask(string from, ProtocolType protocol, string address, int port)
    {
        // IPv6 notices a link's carrier up to a second late.
        if (from == Outside && address.Contains(':') && !_isOutsideReady)
        {
            Sandbox.Run($"timeout 10 ip netns exec {Outside} sh -c 'until ping -q -c1 -W0.1 {HostAddress6}; do :; done'");
            _isOutsideReady = true;
        }

        return EchoServer.Ask(from, protocol, address, port);
    }

    /// <summary>
    /// What must be as it was after a rollback, and after DEL; without counters, what ip says of namespaces that others remove just now, and the
    /// empty tables and base chains that iptables leaves.
    /// </summary>
    internal string Snapshot() => Regex.Replace(
        _network.Snapshot(),
        @"packets \d+ bytes \d+| linkdown|Error: Peer netns reference is invalid.\n|table ip6? nat \{\n(\tchain [A-Z]+ \{\n\t\ttype [^\n]*\n\t\}\n\n?)*\}\n",
        "");

    public void Dispose()
    {
        foreach (IDisposable server in _servers)
        {
            server.Dispose();
        }

        _network.Dispose();
    }
}
