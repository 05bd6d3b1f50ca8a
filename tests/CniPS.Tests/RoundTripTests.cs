using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What an attachment says of itself is what it is made of again.</summary>
public sealed class RoundTripTests(Populated session)
{
    // One attachment with everything, and one with nothing but its place; each is removed, and made again of what was written.
    private const string Script = """
        param($path)
        $ErrorActionPreference = 'Stop'
        $name = $path -replace '\W'
        $number = 100 + @('clixml', 'csv', 'json', 'job').IndexOf($path)
        '{"cniVersion": "1.1.0", "name": "trip-#", "plugins": [{"type": "bridge", "bridge": "tr-#", "isGateway": true,
          "capabilities": {"ips": true, "mac": true}, "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.15.N.0/24"}], [{"subnet": "fd15:N::/64"}]]}},
         {"type": "portmap", "capabilities": {"portMappings": true}}, {"type": "bandwidth", "capabilities": {"bandwidth": true}}]}'.Replace('#', $name).Replace('N', "$number") |
            Set-Content "/etc/cni/net.d/50-$name.conflist"
        New-CniNamespace "$name-full", "$name-bare" | Out-Null
        $full = Add-CniAttachment "trip-$name" "$name-full" -Interface net7 -ContainerId "c-$name" -IPAddress "10.15.$number.77", "fd15:$number`::77" `
            -MacAddress 0a:58:0a:0f:01:4d -PortMapping "$(9000 + $number):80", "127.0.0.1:$(9200 + $number):53/udp" `
            -CapabilityArgs @{ bandwidth = @{ ingressRate = 8000000; ingressBurst = 8000000 } } `
            -CniArgs 'IgnoreUnknown=1;K8S_POD_NAME=p;K8S_POD_NAMESPACE=n'
        # And one whose network takes no capabilities: its addresses are asked for in CNI_ARGS, while the next ones would be others.
        New-CniNetwork "plain-$name" "10.16.$number.0/24", "fd16:$number`::/64" -Bridge "pl-$name" -IsGateway -OutFile "/etc/cni/net.d/51-$name.conflist" | Out-Null
        $bare = Add-CniAttachment "plain-$name" "$name-bare"
        $next = Add-CniAttachment "plain-$name" "$name-full" -Interface net8
        $all = $full, $bare
        $file = "/run/trip.$path"
        switch ($path) {
            clixml { $all | Export-Clixml $file }
            csv { $all | Export-Csv $file }
            json { $all | ConvertTo-Json | Set-Content $file }
            job { $text = [Management.Automation.PSSerializer]::Serialize($all, 1) }
        }
        $all | Remove-CniAttachment
        $back = switch ($path) {
            clixml { Import-Clixml $file }
            csv { Import-Csv $file }
            json { Get-Content $file -Raw | ConvertFrom-Json }
            job { [Management.Automation.PSSerializer]::Deserialize($text) }
        }
        $made = $back | Add-CniAttachment
        $properties = 'Network', 'ContainerId', 'Interface', 'NetNS', 'Mac', 'Pod', 'PodName', 'PodNamespace', 'Mtu'
        for ($i = 0; $i -lt 2; $i++) {
            foreach ($property in $properties) { "$property $($all[$i].$property) = $($made[$i].$property)" }
            foreach ($property in 'Addresses', 'PortMapping') { "$property $($all[$i].$property) = $($made[$i].$property)" }
        }
        # What was asked for by itself is in the capability arguments as well, as it was the first time.
        "args $($full.CniArgs) = $($made[0].CniArgs)"
        "bandwidth $($full.CapabilityArgs.bandwidth) = $($made[0].CapabilityArgs.bandwidth)"
        "ports $($full.CapabilityArgs['portMappings'].Count) = $($made[0].CapabilityArgs['portMappings'].Count)"
        @($made) + $next | Remove-CniAttachment
        "trip-$name", "plain-$name" | Remove-CniNetwork -Confirm:$false
        Remove-CniNamespace "$name-full", "$name-bare"
        ip link del "tr-$name"; ip link del "pl-$name"
        $null = Clear-CniNetwork mynet -Confirm:$false # what ports share, and nobody uses now
        """;

    [Theory]
    [InlineData("clixml")]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("job")]
    public void Loses_nothing(string path)
    {
        PrivateMachine.Require();
        foreach (string line in session.Run(Script, path).Succeeded().Output.Select(line => line.ToString()))
        {
            string[] sides = line[(line.IndexOf(' ', System.StringComparison.Ordinal) + 1)..].Split(" = ");
            Assert.True(sides[0] == sides[1], $"{path}: {line}");
        }
    }

    [Fact]
    public void Is_an_error_where_another_address_is_given()
    {
        PrivateMachine.Require();
        session.Run("""
            '{"cniVersion": "1.1.0", "name": "stubborn", "plugins": [{"type": "bridge", "bridge": "st0", "ipam": {"type": "static", "addresses": [{"address": "10.15.98.5/24"}]}}]}' |
                Set-Content /etc/cni/net.d/60-stubborn.conflist
            New-CniNamespace stubborn | Out-Null
            """).Succeeded();
        string row = "[pscustomobject] @{ Network = 'stubborn'; Namespace = 'stubborn'; IPAddress = '10.15.98.ADDRESS' } | Add-CniAttachment";
        Outcome refused = session.Run(row.Replace("ADDRESS", "6", System.StringComparison.Ordinal));
        Assert.StartsWith("CniAttachmentDiffers", Assert.Single(refused.AllErrors).FullyQualifiedErrorId, System.StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-CniAttachment stubborn*").Succeeded().Output);

        Assert.Single(session.Run(row.Replace("ADDRESS", "5", System.StringComparison.Ordinal)).Succeeded().Output);
        session.Run("Get-CniAttachment stubborn | Remove-CniAttachment; Remove-CniNetwork stubborn -Confirm:$false; Remove-CniNamespace stubborn; ip link del st0").Succeeded();
    }

    // Also where a plugin answers with a MAC address of its own choice: what it made is taken back.
    [Fact]
    public void Is_an_error_where_another_MAC_address_is_given()
    {
        PrivateMachine.Require();
        session.Run("""
            New-Item -ItemType Directory /run/wilful | Out-Null
            @'
            #!/bin/sh
            cat > /dev/null
            echo $CNI_COMMAND >> /run/wilful/calls
            [ $CNI_COMMAND != ADD ] || echo '{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:99","sandbox":"'$CNI_NETNS'"}]}'
            '@ | Set-Content /run/wilful/wilful
            chmod +x /run/wilful/wilful
            '{"cniVersion": "1.1.0", "name": "wilful", "plugins": [{"type": "wilful", "capabilities": {"mac": true}}]}' | Set-Content /etc/cni/net.d/61-wilful.conflist
            New-CniNamespace wilful | Out-Null
            """).Succeeded();
        const string row = "[pscustomobject] @{ Network = 'wilful'; Namespace = 'wilful'; Mac = '02:00:00:00:00:NN' } | Add-CniAttachment -PluginPath /run/wilful";
        Outcome refused = session.Run(row.Replace("NN", "98", System.StringComparison.Ordinal));
        ErrorRecord error = Assert.Single(refused.AllErrors);
        Assert.StartsWith("CniAttachmentDiffers", error.FullyQualifiedErrorId, System.StringComparison.Ordinal);
        Assert.Contains("02:00:00:00:00:99", error.ToString(), System.StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-CniAttachment wilful*").Succeeded().Output);
        Assert.Equal(["ADD", "DEL"], session.Run("Get-Content /run/wilful/calls").Succeeded().Output.Select(line => line.ToString()));

        Assert.Equal("02:00:00:00:00:99", Assert.Single(session.Run($"({row.Replace("NN", "99", System.StringComparison.Ordinal)}).Mac").Succeeded().Output).ToString());
        session.Run("Get-CniAttachment wilful | Remove-CniAttachment -PluginPath /run/wilful; Remove-CniNetwork wilful -Confirm:$false; Remove-CniNamespace wilful").Succeeded();
    }

    // Ports are kept with an attachment that moves to where nobody takes them, and it is said.
    [Fact]
    public void Moved_to_where_its_ports_lead_nowhere_it_is_said()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            New-CniNamespace mover | Out-Null
            Add-CniAttachment mynet mover -PortMapping 8077:80 | Out-Null
            Move-CniAttachment mynet mover -To other -WarningVariable there -WarningAction SilentlyContinue
            "$($there)"
            Get-CniPortMapping 8077 | ForEach-Object IsActive
            Move-CniAttachment other mover -To mynet -WarningVariable back
            "$($back)"
            Get-CniPortMapping 8077 | ForEach-Object IsActive
            Remove-CniAttachment mynet mover
            Remove-CniNamespace mover
            """).Succeeded();
        Assert.Equal(
            ["No plugin of network other takes ports of the host: 8077:80/tcp of container mover will lead nowhere.", "False", "", "True"],
            outcome.Output.Select(line => line.ToString()));
    }

    // The address there is none here.
    [Fact]
    public void Of_another_network_only_the_place_counts()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("Get-CniAttachment mynet -ContainerId blue | Add-CniAttachment other -Interface net5 | ForEach-Object { \"$($_.Namespace) $($_.PortMapping)\"; $_ | Remove-CniAttachment }").Succeeded();
        Assert.Equal("blue ", Assert.Single(outcome.Output).ToString());
    }

    [Fact]
    public void What_is_typed_goes_before_what_is_piped()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            $row = [pscustomobject] @{ Network = 'other'; Namespace = 'blue'; Interface = 'net4'; IPAddress = '10.15.21.41'; CniArgs = 'IgnoreUnknown=1;IP=10.15.21.41' }
            foreach ($more in @{}, @{ IPAddress = '10.15.21.42' }) { $row | Add-CniAttachment @more | ForEach-Object { "$($_.IPAddress)"; $_ | Remove-CniAttachment } }
            """).Succeeded();
        Assert.Equal(["10.15.21.41", "10.15.21.42"], outcome.Output.Select(address => address.ToString()));
    }

    // PassThru and ThrottleLimit are about the command, and InputObject is the object itself.
    [Fact]
    public void All_parameters_of_Add_are_bound_by_their_names() => Assert.All(
        Cmdlets.All["Add-CniAttachment"].Parameters.Values.Where(parameter => parameter.Name is not ("PassThru" or "ThrottleLimit" or "InputObject" or "WhatIf" or "Confirm"))
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name)),
        parameter => Assert.True(parameter.ParameterSets.Values.All(set => set.ValueFromPipelineByPropertyName), parameter.Name));

    [Fact]
    public void A_network_without_its_credentials_is_no_network()
    {
        PrivateMachine.Require();
        session.Run("""
            '{"cniVersion": "1.1.0", "name": "locked", "plugins": [{"type": "bridge", "bridge": "lk0", "password": "hunter2"}]}' | Set-Content /run/locked.conflist
            """).Succeeded();
        const string revive = "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-CniNetwork -Path /run/locked.conflist FORCE))) | Add-CniAttachment -Namespace green -WhatIf";
        Outcome written = session.Run("Get-CniNetwork -Path /run/locked.conflist | ForEach-Object { ConvertTo-CniJson $_; ConvertTo-CniJson $_ -Force }; Get-CniNetwork -Path /run/locked.conflist -Force | ConvertTo-CniJson").Succeeded();
        Assert.Equal([false, true, true], written.Output.Select(json => json.ToString()!.Contains("hunter2", System.StringComparison.Ordinal)));
        Outcome masked = session.Run("(Get-CniNetwork -Path /run/locked.conflist).Json; (Get-CniNetwork -Path /run/locked.conflist -Force).Json").Succeeded();
        Assert.Equal([false, true], masked.Output.Select(json => json.ToString()!.Contains("hunter2", System.StringComparison.Ordinal)));
        Assert.NotEmpty(session.Run(revive.Replace("FORCE", "", System.StringComparison.Ordinal)).AllErrors);
        Assert.Empty(session.Run(revive.Replace("FORCE", "-Force", System.StringComparison.Ordinal)).AllErrors);
    }
}
