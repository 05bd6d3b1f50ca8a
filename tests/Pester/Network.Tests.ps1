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
        $flags = @{ IsGateway = $true; IsDefaultGateway = $true; ForceAddress = $true; Masquerade = $true; HairpinMode = $true }
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
        foreach ($key in 'isGateway', 'isDefaultGateway', 'forceAddress', 'ipMasq', 'hairpinMode') { $bridge.$key | Should -BeTrue }
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

    It 'makes one of every native type that gives an interface' {
        $cases = @{
            bridge        = @{ Subnet = '10.3.0.0/24'; PromiscMode = $true; VlanId = 7 }
            ptp           = @{ Subnet = '10.3.0.0/24'; Masquerade = $true; Mtu = 1400 }
            macvlan       = @{ Subnet = '10.3.0.0/24'; Master = 'eth1'; Mode = 'private' }
            ipvlan        = @{ StaticAddress = '10.3.0.5/24'; Master = 'eth1'; Mode = 'l3s' }
            vlan          = @{ Dhcp = $true; Master = 'eth1'; VlanId = 20 }
            dummy         = @{ StaticAddress = '10.3.0.5/24', 'fd03::5/64'; Gateway = 'fd03::1' }
            tap           = @{ Subnet = '10.3.0.0/24'; Property = @{ multiQueue = $true } }
            'host-device' = @{ Device = 'eth7' }
            loopback      = @{}
        }
        foreach ($type in $cases.Keys) {
            $settings = $cases[$type]
            $network = New-CniNetwork n -Type $type @settings
            $network.Plugins | Should -Be $type
            $network | Test-CniNetwork -PluginSource Native -WarningAction Ignore -ErrorAction Ignore | Should -BeTrue -Because $type
        }
        $plugin = (New-CniNetwork n -Type vlan -Master eth1 -VlanId 20 -Dhcp).Json | ConvertFrom-Json | ForEach-Object { $_.plugins[0] }
        $plugin.vlanId | Should -Be 20
        $plugin.ipam.type | Should -Be 'dhcp'
        ((New-CniNetwork n -VlanId 7).Json | ConvertFrom-Json).plugins[0].vlan | Should -Be 7
        $plugin = (New-CniNetwork n -Type dummy -StaticAddress 10.3.0.5/24, fd03::5/64 -Gateway fd03::1 -DnsServer 9.9.9.9).Json | ConvertFrom-Json | ForEach-Object { $_.plugins[0] }
        $plugin.ipam.addresses | ForEach-Object { $_.address } | Should -Be '10.3.0.5/24', 'fd03::5/64'
        $plugin.ipam.addresses[1].gateway | Should -Be 'fd03::1'
        $plugin.dns.nameservers | Should -Be '9.9.9.9'
        ((New-CniNetwork n -Type mystery -Master eth1 -Property @{ 'a.b' = 1; 'a.c' = 2 }).Json | ConvertFrom-Json).plugins[0].a | Should -BeLike '@{*b=1*'
    }

    It 'puts plugins behind for ports, the firewall, isolation and bandwidth' {
        $network = New-CniNetwork n 10.3.0.0/24 -IsGateway -PortMapping -Firewall -Isolated -Bandwidth 1.5mbit
        $network.Plugins | Should -Be 'bridge', 'portmap', 'firewall', 'bandwidth'
        $network.Capabilities | Should -Be 'portMappings'
        $plugins = ($network.Json | ConvertFrom-Json).plugins
        $plugins[2].ingressPolicy | Should -Be 'same-bridge'
        $plugins[3].egressRate | Should -Be 1500000
        $plugins[3].ingressBurst | Should -BeGreaterThan (8 * 1500)
        (New-CniNetwork n -Firewall).Plugins | Should -Be 'bridge', 'firewall'
        $inside = ((New-CniNetwork n 10.3.0.0/24 -Internal).Json | ConvertFrom-Json).plugins[0]
        $inside.isGateway | Should -BeFalse
        $inside.ipMasq | Should -BeFalse
    }

    It 'refuses <Because>' -ForEach @(
        @{ Because = 'a setting that the type has no key for'; Settings = @{ Type = 'vlan'; Master = 'eth1'; Masquerade = $true }; Says = '*-Masquerade does not go with -Type vlan*' }
        @{ Because = 'two sources of addresses'; Settings = @{ Subnet = '10.3.0.0/24'; Dhcp = $true }; Says = '*exclude one another' }
        @{ Because = 'a range of no subnet'; Settings = @{ RangeStart = '10.3.0.5' }; Says = '*go with -Subnet' }
        @{ Because = 'a route without addresses'; Settings = @{ Route = 'default' }; Says = '*go with -Subnet or -StaticAddress' }
        @{ Because = 'a way out of an internal network'; Settings = @{ Subnet = '10.3.0.0/24'; Internal = $true; Route = 'default'; PortMapping = $true }; Says = '*-PortMapping, a default route*' }
        @{ Because = 'isolation without a bridge'; Settings = @{ Type = 'ptp'; Isolated = $true }; Says = '*-Isolated goes with bridges*' }
        @{ Because = 'what the plugin would refuse'; Settings = @{ Type = 'ipvlan'; Master = 'eth1'; Mode = 'l4'; Subnet = '10.3.0.0/24' }; Says = '*unknown ipvlan mode*' }
        @{ Because = 'what a plugin needs and has not'; Settings = @{ Type = 'vlan'; VlanId = 5; Subnet = '10.3.0.0/24' }; Says = '*"master" field is required*' }
    ) {
        $tried = Invoke-Recorded { New-CniNetwork n @Settings }
        $tried.Output | Should -BeNullOrEmpty
        $tried.Errors[0].Exception.Message | Should -BeLike $Says
    }

    It 'takes rates as tc writes them' -ForEach @(
        @{ Rate = '64kbit'; Bits = 64000 }, @{ Rate = '2GBIT'; Bits = 2000000000 }, @{ Rate = 8000; Bits = 8000 }
    ) {
        ((New-CniNetwork n -Bandwidth $Rate).Json | ConvertFrom-Json).plugins[1].ingressRate | Should -Be $Bits
    }

    It 'takes no rate for another' -ForEach '100mb', 'fast', '-5mbit', '1bit', '' {
        { New-CniNetwork n -Bandwidth $_ } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'makes the folder that runtimes read, and no other' {
        $folder = Join-Path $TestDrive 'net.d'
        $env:NETCONFPATH = $folder
        try {
            (Get-WhatIf "New-CniNetwork n -OutFile $folder/n.conflist")[0] | Should -BeLike "(umask 022; mkdir -p $folder)"
            Test-Path $folder | Should -BeFalse
            (New-CniNetwork n -OutFile $folder/n.conflist).Path | Should -Be "$folder/n.conflist"
            (Get-CniNetwork n).Path | Should -Be "$folder/n.conflist"
            (Invoke-Recorded { New-CniNetwork n -OutFile $TestDrive/other/n.conflist }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniFileFailed,*'
        } finally {
            $env:NETCONFPATH = $null
        }
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
        { New-CniNetwork n 10.1.0.0 } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        { New-CniNetwork n 10.1.0.0/16 -CniVersion 9 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
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
