using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;

namespace CniPS.Engine.Tests.Plugins.Firewall;

/// <summary>A private machine that forwards, with a host outside, and networks of bridge and firewall on it.</summary>
internal sealed class FirewallNetwork : IDisposable
{
    internal const string Outside = "192.0.2.2";

    private readonly TestNetwork _network = new();
    private readonly LinuxHost? _host;

    /// <param name="keys">firewall's keys, as written in a configuration.</param>
    /// <param name="host">The machine to work on, made from its name; null for the usual one.</param>
    internal FirewallNetwork(string keys, Func<Sandbox, LinuxHost>? host = null)
    {
        _host = host?.Invoke(Sandbox);
        string outside = Sandbox.AddNamespace("outside");
        Sandbox.Run(
            $"""
            ip -n {_network.HostName} link add out type veth peer name eth0 netns {outside}
            ip netns exec {_network.HostName} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            ip -n {_network.HostName} addr add 192.0.2.1/24 dev out; ip -n {_network.HostName} link set out up
            ip -n {outside} addr add {Outside}/24 dev eth0; ip -n {outside} link set eth0 up
            ip -n {outside} route add 10.0.0.0/8 via 192.0.2.1
            """);
        Default = List("one", "10.88.0.0/16", keys);
        OutsideName = outside;
    }

    internal Sandbox Sandbox => _network.Sandbox;

    internal string OutsideName { get; }

    internal NetworkConfigurationList Default { get; }

    internal CniRuntime Runtime => _host is null ? _network.Runtime : new CniRuntime(_host, _network.Options);

    /// <summary>The same machine run by the Go programs.</summary>
    internal CniRuntime GoRuntime => new(Sandbox.Host, _network.Options with { PluginSource = PluginSource.Path, PluginPath = ["/usr/lib/cni"] });

    internal List<string> Steps => _network.Steps;

    internal string Container(string name) => _network.Container(name);

    internal Attachment Attachment(string container) => _network.Attachment(container);

    internal NetworkConfigurationList List(string name, string subnet, string keys, string version = "1.1.0")
    {
        keys = keys.Length > 0 ? ", " + keys : "";
        return NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$$"""
            {"cniVersion": "{{{version}}}", "name": "{{{name}}}", "plugins": [
             {"type": "bridge", "bridge": "br-{{{name}}}", "isGateway": true,
              "ipam": {"type": "host-local", "dataDir": "{{{Sandbox.DataFolder}}}",
               "ranges": [[{"subnet": "{{{subnet}}}"}], [{"subnet": "fd00:{{{subnet.Split('.')[1]}}}::/64"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
             {"type": "firewall"{{{keys}}}}]}
            """));
    }

    internal CniResult Add(string container, NetworkConfigurationList? list = null) => Runtime.Add(list ?? Default, Attachment(container))!;

    internal void Delete(string container, NetworkConfigurationList? list = null) => Runtime.Delete(list ?? Default, Attachment(container));

    internal IReadOnlyList<Difference> Check(string container, NetworkConfigurationList? list = null) => Runtime.Check(list ?? Default, Attachment(container));

    internal bool Reaches(string from, string address) =>
        Sandbox.TryRun($"ip netns exec {from} ping -q -c1 -W1 {address}").Status == 0;

    internal string Rules(string program = "iptables") => Sandbox.RunOnHost($"sh -c '{program} -t filter -S | grep -v ^-P || true'");

    internal string Ruleset => Sandbox.RunOnHost("nft list ruleset");

    /// <summary>What must be as it was after a rollback, and after DEL; without the empty tables and base chains that iptables leaves.</summary>
    internal string Snapshot() => Regex.Replace(
        _network.Snapshot(),
        @"packets \d+ bytes \d+| linkdown|Error: Peer netns reference is invalid.\n|table ip6? filter \{\n(\tchain [A-Z]+ \{\n\t\ttype [^\n]*\n\t\}\n\n?)*\}\n",
        "");

    public void Dispose()
    {
        _host?.Dispose();
        _network.Dispose();
    }
}
