BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Set-CniNetwork' {
    BeforeEach {
        Clear-Machine
        $file = '/etc/cni/net.d/10-mybridge.conflist'
        Set-Content $file @'
{"cniVersion":"1.0.0","name":"mybridge","x-mine":[1.50,{"a":null}],"plugins":[
 {"type":"bridge","mtu":1500,"ipam":{"type":"host-local","subnet":"10.1.0.0/24"}},{"type":"tuning","sysctl":{}}]}
'@
    }

    It 'changes what is named, and nothing else' {
        Set-CniNetwork mybridge @{ mtu = 1400; 'ipam.dataDir' = '/x'; 'args.labels' = @(@{ a = 1 }) } | Should -BeNullOrEmpty
        Get-Content $file -Raw | ConvertFrom-Json | ConvertTo-Json -Compress -Depth 9 |
            Should -Match '"mtu":1400,"ipam":\{"type":"host-local","subnet":"10.1.0.0/24","dataDir":"/x"\},"args":\{"labels":\[\{"a":1\}\]\}'
        Get-Content $file -Raw | Should -Match '1\.50'
        (Get-Item $file).UnixMode | Should -Be '-rw-r--r--'
        Get-ChildItem /etc/cni/net.d -Name | Should -Be '10-mybridge.conflist'
    }

    It 'removes a key, and finds a plugin by its type' {
        Get-CniNetwork | Set-CniNetwork -Property @{ mtu = $null }
        Set-CniNetwork mybridge -Plugin tuning -Property @{ sysctl = @{ 'net.core.somaxconn' = '1' } }
        $json = Get-Content $file -Raw | ConvertFrom-Json
        $json.plugins[0].PSObject.Properties.Name | Should -Not -Contain 'mtu'
        $json.plugins[1].sysctl.'net.core.somaxconn' | Should -Be '1'
    }

    It 'changes the list itself' {
        $network = Set-CniNetwork $file -CniVersion 1.1.0 -DisableCheck $true -DisableGC $true -PassThru
        $network.CniVersion | Should -Be '1.1.0'
        $network.Path | Should -Be $file
        (Get-Content $file -Raw | ConvertFrom-Json).disableGC | Should -BeTrue
    }

    It 'changes the file of a single plugin' {
        Set-Content /etc/cni/net.d/20-one.conf '{"cniVersion":"0.4.0","name":"one","type":"loopback"}'
        Set-CniNetwork one @{ promisc = $true }
        (Get-Content /etc/cni/net.d/20-one.conf -Raw | ConvertFrom-Json).promisc | Should -BeTrue
    }

    It 'writes nothing that can''t be read' {
        $before = Get-Content $file -Raw
        (Invoke-Recorded { Set-CniNetwork mybridge @{ type = 1 } }).Errors.Count | Should -Be 1
        (Invoke-Recorded { Set-CniNetwork mybridge @{ 'mtu.x' = 1 } }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        (Invoke-Recorded { Set-CniNetwork mybridge @{ x = 1 } -Plugin nix }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        Get-Content $file -Raw | Should -BeExactly $before
    }

    It 'refuses what Test-CniNetwork calls an error: <Property.Keys>' -ForEach @(
        @{ Property = @{ 'ipam.subnet' = '10.1.0.0/33' } }
        @{ Property = @{ vlan = 5000 } }
        @{ Property = @{ hairpinMode = $true; promiscMode = $true } }
        @{ Property = @{ mtu = 'much' } }
    ) {
        $before = Get-Content $file -Raw
        $set = Invoke-Recorded { Set-CniNetwork mybridge $Property }
        Get-Content $file -Raw | Should -BeExactly $before

        $json = $before | ConvertFrom-Json -AsHashtable
        foreach ($key in $Property.Keys) {
            $at = $json.plugins[0]
            $names = $key -split '\.'
            foreach ($name in $names | Select-Object -SkipLast 1) { $at = $at[$name] }
            $at[$names[-1]] = $Property[$key]
        }

        Set-Content $file ($json | ConvertTo-Json -Depth 9)
        $problem = @(Test-CniNetwork mybridge -Detailed | Where-Object Severity -EQ 'Error')
        $problem.Count | Should -BeGreaterThan 0
        $set.Errors.Count | Should -Be 1
        $set.Errors[0].Exception.Message | Should -Match ([regex]::Escape($problem[0].Message))
    }

    It 'refuses a subnet that the bridge''s address contradicts' {
        Set-CniNetwork mybridge @{ bridge = 'br0'; isGateway = $true }
        ip link add br0 type bridge
        ip addr add 10.3.0.1/24 dev br0
        $before = Get-Content $file -Raw
        (Invoke-Recorded { Set-CniNetwork mybridge @{ 'ipam.subnet' = '10.4.0.0/24' } }).Errors[0].Exception.Message | Should -Match '10\.3\.0\.1/24'
        Get-Content $file -Raw | Should -BeExactly $before
        Set-CniNetwork mybridge @{ 'ipam.subnet' = '10.3.0.0/24' }
        Test-CniNetwork mybridge -WarningAction SilentlyContinue | Should -BeTrue
    }

    It 'mends a file with an error key by key' {
        Set-Content $file (Get-Content $file -Raw).Replace('1500', '"much"')
        Set-CniNetwork mybridge @{ 'ipam.subnet' = '10.3.0.0/24' }
        Set-CniNetwork mybridge @{ mtu = 1400 }
        Test-CniNetwork mybridge | Should -BeTrue
    }

    It 'needs a file' {
        $made = New-CniNetwork other 10.9.0.0/24
        (Invoke-Recorded { $made | Set-CniNetwork -CniVersion 1.1.0 }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniNetworkWithoutFile,*'
        $written = New-CniNetwork other 10.9.0.0/24 -OutFile $TestDrive/other.conflist
        ($written | Set-CniNetwork -CniVersion 1.1.0 -PassThru).CniVersion | Should -Be '1.1.0'
    }

    It 'binds to one that came back from elsewhere' {
        Get-CniNetwork | Export-Clixml $TestDrive/n.xml
        Import-Clixml $TestDrive/n.xml | Set-CniNetwork -CniVersion 1.1.0
        (Get-CniNetwork).CniVersion | Should -Be '1.1.0'
    }
}

Describe 'Remove-CniNetwork' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/10-mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box | Add-CniAttachment mybridge
    }

    It 'refuses while somebody is attached, unless forced; what is attached can be removed all the same' {
        $removal = Invoke-Recorded { Remove-CniNetwork mybridge }
        $removal.Errors[0].FullyQualifiedErrorId | Should -Be 'CniNetworkInUse,CniPS.Commands.RemoveCniNetworkCommand'
        $removal.Errors[0].Exception.Message | Should -Match 'box/eth0'
        Get-CniNetwork | Should -Not -BeNullOrEmpty
        Remove-CniNetwork mybridge -Force | Should -BeNullOrEmpty
        Get-ChildItem /etc/cni/net.d | Should -BeNullOrEmpty
        Remove-CniAttachment mybridge box
        Get-Lease mybridge | Should -BeNullOrEmpty
    }

    It 'removes one that nobody is attached to any more' {
        ip netns delete box
        Get-CniNetwork | Remove-CniNetwork
        Get-ChildItem /etc/cni/net.d | Should -BeNullOrEmpty
    }

    It 'needs a file, and one that is there' {
        (Invoke-Recorded { New-CniNetwork other 10.9.0.0/24 | Remove-CniNetwork }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniNetworkWithoutFile,*'
        (Invoke-Recorded { Remove-CniNetwork nix }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniNetworkNotFound,*'
    }

    It 'completes networks' {
        (Complete 'Remove-CniNetwork my').CompletionText | Should -Be 'mybridge'
        (Complete 'Set-CniNetwork my').ToolTip | Should -Match 'bridge'
        $plugin = Complete 'Set-CniNetwork mybridge -Plugin b'
        $plugin.CompletionText | Should -Be 'bridge'
        $plugin.ToolTip | Should -Match 'isGateway'
    }
}

Describe 'ConvertTo-CniJson' {
    BeforeAll {
        Clear-Machine
        Set-Content /etc/cni/net.d/10-mybridge.conflist (Get-BridgeList 1.0.0)
        $script:attachment = New-CniNamespace box | Add-CniAttachment mybridge
    }

    It 'writes a network with all its keys' {
        Get-CniNetwork | ConvertTo-CniJson -Compress | Should -BeExactly ((Get-BridgeList 1.0.0) -replace '\s*\n\s*')
    }

    It 'writes results in every version' {
        foreach ($version in '0.2.0', '0.4.0', '1.1.0') {
            $json = $attachment | ConvertTo-CniJson -CniVersion $version -Compress
            ($json | ConvertFrom-Json).cniVersion | Should -Be $version
            $json | Should -BeExactly (Get-CniResult mybridge box -CniVersion $version | ConvertTo-CniJson -Compress)
        }
    }

    It 'writes errors' {
        $failed = (Invoke-Recorded { Add-CniAttachment mybridge box }).Errors[0]
        $json = $failed | ConvertTo-CniJson | ConvertFrom-Json
        $json.code | Should -Be 999
        $json.msg | Should -Match 'attached'
    }

    It 'writes what came back from elsewhere' {
        $attachment, (Get-CniNetwork), $attachment.Result | Export-Clixml $TestDrive/x.xml
        $back = Import-Clixml $TestDrive/x.xml
        $back[0] | ConvertTo-CniJson -Compress | Should -BeExactly ($attachment | ConvertTo-CniJson -Compress)
        $back[1] | ConvertTo-CniJson -Compress | Should -BeExactly (Get-CniNetwork | ConvertTo-CniJson -Compress)
        $back[2] | ConvertTo-CniJson -CniVersion 0.2.0 -Compress | Should -Match '"ip4"'
    }

    It 'refuses what the specification doesn''t know' {
        (Invoke-Recorded { 5 | ConvertTo-CniJson }).Errors[0].FullyQualifiedErrorId | Should -Be 'CniInvalidValue,CniPS.Commands.ConvertToCniJsonCommand'
        (Invoke-Recorded { ConvertTo-CniJson $null }).Errors.Count | Should -Be 1
    }
}

Describe 'Add-CniNetworkPlugin and Remove-CniNetworkPlugin' {
    BeforeEach {
        Clear-Machine
        $file = '/etc/cni/net.d/10-chain.conflist'
        $null = New-CniNetwork chain 10.9.0.0/24 -Bridge ch0 -OutFile $file
    }

    It 'put a plugin into a file, and take it out' {
        Add-CniNetworkPlugin chain portmap @{ snat = $false } | Should -BeNullOrEmpty
        $added = Add-CniNetworkPlugin chain tuning -Before portmap -Capability @() -PassThru
        $added.Plugins | Should -Be 'bridge', 'tuning', 'portmap'
        $added.Capabilities | Should -Be 'portMappings'
        (Get-CniNetwork chain).Plugins | Should -Be 'bridge', 'tuning', 'portmap'
        ((Get-Content $file -Raw | ConvertFrom-Json).plugins[2]).snat | Should -BeFalse
        (Get-CniNetwork chain | Remove-CniNetworkPlugin -Plugin tuning -PassThru).Plugins | Should -Be 'bridge', 'portmap'
        Remove-CniNetworkPlugin $file portmap
        (Get-CniNetwork chain).Plugins | Should -Be 'bridge'
    }

    It 'emit a network that is in no file, and leave the one that was given' {
        $made = New-CniNetwork loose 10.9.1.0/24
        $chain = $made | Add-CniNetworkPlugin -Plugin sbr
        $chain.Plugins | Should -Be 'bridge', 'sbr'
        ($chain | Remove-CniNetworkPlugin -Plugin sbr).Plugins | Should -Be 'bridge'
        $made.Plugins | Should -Be 'bridge'
    }

    It 'write nothing with -WhatIf, nor when they fail' {
        $before = Get-Content $file -Raw
        (Get-WhatIf 'Add-CniNetworkPlugin chain portmap') | Should -BeLike '*printf*portMappings*/etc/cni/net.d/10-chain.conflist)'
        foreach ($case in @(
                { Add-CniNetworkPlugin chain bridge }, { Add-CniNetworkPlugin chain nosuch }, { Add-CniNetworkPlugin chain portmap -Before nosuch }
                { Add-CniNetworkPlugin chain bandwidth @{ ingressRate = 'fast' } }, { Remove-CniNetworkPlugin chain portmap }, { Remove-CniNetworkPlugin chain bridge }
                { Add-CniNetworkPlugin nowhere portmap })) {
            (Invoke-Recorded $case).Errors.Count | Should -Be 1 -Because $case
        }
        '{"cniVersion":"1.0.0","name":"one","type":"bridge"}' > /etc/cni/net.d/20-one.conf
        (Invoke-Recorded { Add-CniNetworkPlugin one portmap }).Errors[0].Exception.Message | Should -BeLike '*a single plugin*'
        Get-Content $file -Raw | Should -Be $before
    }

    It 'open a port for the next attachment' {
        Set-CniNetwork chain @{ isGateway = $true }
        Add-CniNetworkPlugin chain portmap
        New-CniNamespace chained | Out-Null
        Add-CniAttachment chain chained -PortMapping 8099:80 | Out-Null
        (nft list ruleset) -join ' ' | Should -Match '8099'
        Remove-CniAttachment chain chained
    }
}

Describe 'The keys of a plugin' {
    It 'are those that it declares' {
        $keys = (Get-CniPlugin bridge | Where-Object IsNative).Keys
        ($keys | Where-Object Name -EQ mtu).Type | Should -Be 'integer'
        ($keys | Where-Object Name -EQ bridge).Default | Should -Be '"cni0"'
        $keys | ForEach-Object { $_.Plugin | Should -Be 'bridge'; $_.Meaning | Should -Match '\.$' }
        "$($keys[0])" | Should -Be 'bridge'
    }

    It 'are none for a program' {
        Set-Content $TestDrive/mine "#!/bin/sh`necho '{`"cniVersion`":`"1.0.0`",`"supportedVersions`":[`"1.0.0`"]}'"
        chmod +x $TestDrive/mine
        (Get-CniPlugin mine -PluginPath $TestDrive).Keys | Should -BeNullOrEmpty
    }
}
