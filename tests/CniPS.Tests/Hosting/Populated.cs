using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace CniPS.Tests.Hosting;

/// <summary>
/// A session on a machine where something is: networks, containers, one that is broken, one that is gone, a dhcp service. It is made once, and
/// who changes something does so under names of their own.
/// </summary>
public sealed class Populated : Session
{
    private const string Make = """
        $ErrorActionPreference = 'Stop'
        New-CniNamespace blue, green, torn, dead | Out-Null
        New-CniNetwork mynet 10.15.20.0/24 -Bridge my0 -IsGateway -Masquerade -PortMapping -OutFile /etc/cni/net.d/10-mynet.conflist | Out-Null
        New-CniNetwork other 10.15.21.0/24 -Bridge ot0 -IsGateway -OutFile /etc/cni/net.d/20-other.conflist | Out-Null
        New-CniNetwork doomed 10.15.22.0/24 -Bridge do0 -OutFile /etc/cni/net.d/30-doomed.conflist | Out-Null
        '{"cniVersion": "1.0.0", "name": "wrong", "plugins": [{"type": "bridge", "mtu": "large"}]}' | Set-Content /run/wrong.conflist
        Add-CniAttachment mynet blue -PortMapping 8080:80 | Out-Null
        Add-CniAttachment other torn -ContainerId c-torn -Interface net9 | Out-Null
        ip -n torn address flush dev net9
        Add-CniAttachment doomed dead | Out-Null
        ip netns delete dead
        while (ip -o link show master do0) { Start-Sleep -Milliseconds 10 } # the kernel takes its time
        """;

    // How an object of each type that the cmdlets emit comes about.
    private static readonly Dictionary<string, string> s_ways = new()
    {
        ["CniPS.CniAttachment"] = "Get-CniAttachment mynet -ContainerId blue",
        ["CniPS.CniNetwork"] = "Get-CniNetwork mynet",
        ["CniPS.CniNamespace"] = "Get-CniNamespace blue",
        ["CniPS.CniAddResult"] = "Get-CniResult mynet blue",
        ["CniPS.CniTrace"] = "Test-CniAttachment mynet blue | Out-Null; Get-CniTrace mynet | Select-Object -First 1",
        ["CniPS.CniPlan"] = "Add-CniAttachment mynet green -WhatIf -PassThru",
        ["CniPS.CniPlanStep"] = "(Add-CniAttachment mynet green -WhatIf -PassThru).Steps",
        ["CniPS.CniPlanStanding"] = "Add-CniAttachment mynet green -WhatIf -PassThru | Compare-CniPlan",
        ["CniPS.CniInterfaceOwner"] = "Resolve-CniInterface my0",
        ["CniPS.CniPlugin"] = "Get-CniPlugin bridge",
        ["CniPS.CniLease"] = "Get-CniLease mynet",
        ["CniPS.CniPortMapping"] = "Get-CniPortMapping 8080",
        ["CniPS.CniAddressRange"] = "Get-CniLease mynet -Available",
        ["CniPS.CniNetworkProblem"] = "Test-CniNetwork /run/wrong.conflist -Detailed",
        ["CniPS.CniExposure"] = "Get-CniExposure mynet -Kind Port",
        ["CniPS.CniHop"] = "Test-CniConnection blue host -Detailed",
        ["CniPS.CniStatistic"] = "Get-CniStatistic mynet",
        ["CniPS.CniEvent"] = """
            sh -c '(for i in 1 2 3 4 5 6 7 8 9; do sleep 0.3; ip -n blue neighbour add 10.15.20.250 lladdr 02:00:00:00:00:fa dev eth0; ip -n blue neighbour delete 10.15.20.250 dev eth0; done) > /dev/null 2>&1 &'
            Watch-CniEvent mynet -Kind Neighbour -Count 2 -Timeout 20
            """,
        ["CniPS.CniPacket"] = """
            Start-Process ip 'netns exec blue ping -i 0.2 -w 20 10.15.20.1' -RedirectStandardOutput /dev/null
            Save-CniCapture /run/sample.pcapng mynet -ContainerId blue -Filter icmp -Count 1 -Duration 20 -PassThru
            """,
        ["CniPS.CniTreeLine"] = "Show-CniAttachment",
        ["CniPS.CniDifference"] = "Test-CniAttachment other torn -ContainerId c-torn -Interface net9 -Detailed",
        ["CniPS.CniGarbage"] = "Clear-CniNetwork doomed -Confirm:$false",
        ["CniPS.CniDhcpService"] = "Start-CniDhcpService /run/sample.sock",
        ["CniPS.CniNode"] = $"Get-CniNode -SocketPath {FakeNodeDaemon.Path}",
        // A lease needs a server, and what answers to a name may as well have come from another machine.
        ["CniPS.CniDhcpLease"] = """
            [pscustomobject] @{
                PSTypeName = 'Deserialized.CniPS.CniDhcpLease'; Network = 'mynet'; ContainerId = 'blue'; Interface = 'eth0'; Namespace = 'blue'; NetNS = '/run/netns/blue'
                State = 'Bound'; IPAddress = '10.15.20.9'; Prefix = '10.15.20.9/24'; Server = '10.15.20.1'; Expires = [datetime] '2030-01-02 03:04:05'
            }
            """,
    };

    private readonly Dictionary<string, IReadOnlyList<PSObject>> _samples = [];
    private readonly FakeNodeDaemon? _nodes;

    /// <summary>Makes the machine, where one can be had.</summary>
    public Populated()
    {
        if (PrivateMachine.Missing is null)
        {
            _nodes = new FakeNodeDaemon();
            Run(Make).Succeeded();
        }
    }

    /// <summary>The types of which there are samples.</summary>
    internal static IReadOnlyCollection<string> Types => s_ways.Keys;

    /// <summary>Objects of a type, as a cmdlet emits them.</summary>
    internal IReadOnlyList<PSObject> Samples(string type)
    {
        PrivateMachine.Require();
        if (!_samples.TryGetValue(type, out IReadOnlyList<PSObject>? samples))
        {
            samples = Run(s_ways[type]).Succeeded().Output;
            _samples.Add(type, samples.Count > 0 ? samples : throw new InvalidOperationException($"{s_ways[type]} emits nothing"));
        }

        return samples;
    }

    /// <summary>One object of a type.</summary>
    internal PSObject Sample(string type) => Samples(type)[0];

    /// <summary>Everything that the machine's files and links are: what changes nothing leaves it as it is.</summary>
    internal static string Picture()
    {
        IEnumerable<string> files =
            from folder in new[] { "/etc/cni", "/var/lib/cni", "/run/netns" }
            from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            orderby file
            select $"{file} {File.GetLastWriteTimeUtc(file):O}";
        return string.Join('\n', files) + '\n' + PrivateMachine.Run("ip", "-brief", "-4", "address", "show", "scope", "global") + Links();

        static string Links() => string.Join('\n', Directory.GetDirectories("/sys/class/net").Order());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _nodes?.Dispose();
        if (disposing && _samples.ContainsKey("CniPS.CniDhcpService"))
        {
            Run("Stop-CniDhcpService /run/sample.sock");
        }

        base.Dispose(disposing);
    }
}
