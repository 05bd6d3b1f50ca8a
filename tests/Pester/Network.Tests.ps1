BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'New-CniNetwork' {
    BeforeAll {
        Set-Location $TestDrive
    }

    It 'makes one from a bridge''s settings' {
        $settings = @{
            Gateway    = 'fd00:15::1', '10.15.20.254'
            RangeStart = '10.15.20.10'
            RangeEnd   = '10.15.20.20'
            Route      = 'default', '10.0.0.0/8 via 10.15.20.1', @{ Destination = '::/0'; Gateway = 'fd00:15::1' }
            Mtu        = 1400
            DataDir    = '/run/data'
            ResolvConf = '/etc/resolv.conf'
            Capability = 'ips'
            CniVersion = '1.1.0'
        }
        $flags = @{ IsGateway = $true; IsDefaultGateway = $true; ForceAddress = $true; Masquerade = $true; HairpinMode = $true; PromiscMode = $true }
        $network = New-CniNetwork -Name n -Subnet 10.15.20.0/24, fd00:15::/64 -Bridge br0 @settings @flags
        $network | Should -BeOfType CniPS.CniNetwork
        $network.Name | Should -Be 'n'
        $network.Network | Should -Be 'n'
        $network.CniVersion | Should -Be '1.1.0'
        $network.Plugins | Should -Be 'bridge'
        $network.Bridge | Should -Be 'br0'
        [string[]] $network.Subnet | Should -Be '10.15.20.0/24', 'fd00:15::/64'
        $network.Masquerade | Should -BeTrue
        $network.Capabilities | Should -Be 'ips'
        $network.Path | Should -BeNullOrEmpty
        $json = $network.Json | ConvertFrom-Json
        $bridge = $json.plugins[0]
        foreach ($key in 'isGateway', 'isDefaultGateway', 'forceAddress', 'ipMasq', 'hairpinMode', 'promiscMode') { $bridge.$key | Should -BeTrue }
        $bridge.mtu | Should -Be 1400
        $bridge.ipam.type | Should -Be 'host-local'
        $bridge.ipam.ranges[0][0].subnet | Should -Be '10.15.20.0/24'
        $bridge.ipam.ranges[0][0].gateway | Should -Be '10.15.20.254'
        $bridge.ipam.ranges[0][0].rangeStart | Should -Be '10.15.20.10'
        $bridge.ipam.ranges[1][0].gateway | Should -Be 'fd00:15::1'
        $bridge.ipam.routes[1].gw | Should -Be '10.15.20.1'
        $bridge.ipam.routes[2].dst | Should -Be '::/0'
        $bridge.ipam.dataDir | Should -Be '/run/data'
        $bridge.capabilities.ips | Should -BeTrue
    }

    It 'writes nothing that was not asked for' {
        $json = (New-CniNetwork n 10.1.0.0/16).Json | ConvertFrom-Json
        $json.cniVersion | Should -Be '1.0.0'
        $json.plugins[0].PSObject.Properties.Name | Should -Be 'type', 'ipam'
        $json.plugins[0].ipam.PSObject.Properties.Name | Should -Be 'type', 'subnet'
        (New-CniNetwork l2).Json | ConvertFrom-Json | ForEach-Object { $_.plugins[0].PSObject.Properties.Name } | Should -Be 'type'
    }

    It 'makes one from plugin tables' {
        $network = New-CniNetwork n -CniVersion 0.4.0 -DisableCheck -Plugin @(
            [ordered] @{ type = 'bridge'; bridge = 'b<0>'; ipam = [ordered] @{ type = 'host-local'; subnet = '10.3.0.0/24' } }
            [pscustomobject] @{ type = 'portmap'; capabilities = @{ portMappings = $true } }
        )
        $network.Plugins | Should -Be 'bridge', 'portmap'
        $network.Capabilities | Should -Be 'portMappings'
        $network.Json | Should -Match '"bridge": "b<0>"'
        ($network.Json | ConvertFrom-Json).disableCheck | Should -BeTrue
    }

    It 'takes JSON, a list or a single plugin''s, and its lines' {
        (New-CniNetwork -Json (Get-BridgeList 1.0.0)).Name | Should -Be 'mybridge'
        $single = New-CniNetwork -Json '{"cniVersion":"0.2.0","name":"one","type":"bridge"}'
        $single.Plugins | Should -Be 'bridge'
        $single.CniVersion | Should -Be '0.2.0'
        Set-Content ./x.conflist (Get-BridgeList 1.0.0)
        (Get-Content ./x.conflist | New-CniNetwork).Name | Should -Be 'mybridge'
    }

    It 'takes files' {
        Set-Content ./x.conflist (Get-BridgeList 1.0.0)
        (New-CniNetwork -Path ./x.conflist).Path | Should -Be "$TestDrive/x.conflist"
        (Get-Item ./x.conflist | New-CniNetwork).Name | Should -Be 'mybridge'
    }

    It 'writes a file, and none over another' {
        $network = New-CniNetwork n 10.1.0.0/16 -OutFile ./n.conflist
        $network.Path | Should -Be "$TestDrive/n.conflist"
        (New-CniNetwork -Path ./n.conflist).Json.Trim() | Should -Be $network.Json.Trim()
        $again = Invoke-Recorded { New-CniNetwork n 10.2.0.0/16 -OutFile ./n.conflist }
        $again.Output | Should -BeNullOrEmpty
        $again.Errors[0].FullyQualifiedErrorId | Should -Be 'CniFileExists,CniPS.Commands.NewCniNetworkCommand'
        [string] (New-CniNetwork n 10.2.0.0/16 -OutFile ./n.conflist -Force).Subnet | Should -Be '10.2.0.0/16'
        [string] (New-CniNetwork -Path ./n.conflist).Subnet | Should -Be '10.2.0.0/16'
        Get-ChildItem . -Name -Filter n.* | Should -Be 'n.conflist'
    }

    It 'refuses what makes no network' {
        foreach ($case in @(
                { New-CniNetwork n 10.1.0.0/16 -Gateway 10.2.0.1 }
                { New-CniNetwork n 10.1.0.0/16 -Gateway 10.1.0.1, 10.1.0.2 }
                { New-CniNetwork n -Plugin @{ bridge = 'no type' } }
                { New-CniNetwork n -Plugin 5 }
            )) {
            (Invoke-Recorded $case).Errors[0].FullyQualifiedErrorId | Should -Be 'CniInvalidNetworkConfig,CniPS.Commands.NewCniNetworkCommand' -Because $case
        }
        (Invoke-Recorded { New-CniNetwork -Json '{' }).Errors[0].FullyQualifiedErrorId | Should -Be 'CniInvalidJson,CniPS.Commands.NewCniNetworkCommand'
        { New-CniNetwork n 10.1.0.0 } | Should -Throw
        { New-CniNetwork n 10.1.0.0/16 -CniVersion 9 } | Should -Throw
        $endless = @{ type = 'bridge' }
        $endless.self = $endless
        $failure = (Invoke-Recorded { New-CniNetwork n -Plugin $endless }).Errors[0]
        $failure.FullyQualifiedErrorId | Should -Be 'CniInvalidValue,CniPS.Commands.NewCniNetworkCommand'
    }
}

Describe 'Get-CniNetwork' {
    BeforeAll {
        Clear-Machine
        Set-Content /etc/cni/net.d/20-b.conflist (Get-BridgeList 1.0.0 b)
        Set-Content /etc/cni/net.d/10-a.conf '{"cniVersion":"0.2.0","name":"a","type":"loopback"}'
        Set-Content /etc/cni/net.d/30-c.json '{"cniVersion":"0.2.0","name":"c","type":"loopback"}'
        Set-Content /etc/cni/net.d/readme.txt 'nothing'
    }

    It 'lists them as a runtime reads them, the first one as the default' {
        $networks = Get-CniNetwork
        $networks.Name | Should -Be 'a', 'b', 'c'
        $networks.IsDefault | Should -Be $true, $false, $false
        $networks.Path | Should -Be '/etc/cni/net.d/10-a.conf', '/etc/cni/net.d/20-b.conflist', '/etc/cni/net.d/30-c.json'
        (Get-CniNetwork b).IsDefault | Should -BeFalse
    }

    It 'takes wildcards, and misses what is not there' {
        (Get-CniNetwork [ab]).Name | Should -Be 'a', 'b'
        (Invoke-Recorded { Get-CniNetwork a, d }).Errors[0].FullyQualifiedErrorId | Should -Be 'CniNetworkNotFound,CniPS.Commands.GetCniNetworkCommand'
        (Invoke-Recorded { Get-CniNetwork d* }).Errors | Should -BeNullOrEmpty
    }

    It 'takes another folder, or a file' {
        Set-Location /etc/cni
        (Get-CniNetwork -Path ./net.d).Count | Should -Be 3
        $one = Get-CniNetwork -Path net.d/20-b.conflist
        $one.Name | Should -Be 'b'
        $one.IsDefault | Should -BeFalse
    }
}
