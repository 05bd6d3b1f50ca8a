# The cmdlets that look after networks: what is wrong with them, what is left over, which plugins and addresses there are.
BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Test-CniNetwork' {
    BeforeAll {
        Clear-Machine
        Set-Location $TestDrive
        Set-Content /etc/cni/net.d/10-mybridge.conflist (Get-BridgeList 1.1.0)
        $bad = @'
{"cniVersion": "1.0.0", "name": "bad", "plugin": 1,
 "plugins": [
  {"type": "bridge", "bridge": "b9", "isGatway": true, "mtu": "x",
   "ipam": {"type": "host-local", "subnet": "10.45.0.0/16", "gateway": "10.99.0.1"}},
  {"type": "absent"}]}
'@
        Set-Content ./bad.conflist $bad
    }

    It 'says true of a good one, by name, by file, by object, and of the folder' {
        Test-CniNetwork mybridge | Should -BeTrue
        Test-CniNetwork /etc/cni/net.d/10-mybridge.conflist | Should -BeTrue
        Get-CniNetwork | Test-CniNetwork | Should -BeTrue
        Get-Item /etc/cni/net.d/10-mybridge.conflist | Test-CniNetwork | Should -BeTrue
        Test-CniNetwork | Should -BeTrue
        Test-CniNetwork -Detailed | Should -BeNullOrEmpty
    }

    It 'reports every problem at once, errors as errors and the rest as warnings' {
        $test = Invoke-Recorded { Test-CniNetwork ./bad.conflist -PluginPath /nowhere -WarningVariable script:warnings -WarningAction SilentlyContinue }
        $test.Output | Should -Be @($false)
        $test.Errors.FullyQualifiedErrorId -replace ',.*' | Should -Be 'CniInvalidNetworkConfig', 'CniPluginNotFound'
        $test.Errors[0].ToString() | Should -BeLike "$TestDrive/bad.conflist:3:63: *"
        $test.Errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $test.Errors[1].ToString() | Should -BeLike '*/nowhere*'
        $test.Errors.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $warnings.Count | Should -Be 3
        $warnings[1] | Should -BeLike '*bad.conflist:3:38: unknown key "isGatway"*Did you mean "isGateway"?'
    }

    It 'gives objects' {
        $problems = Test-CniNetwork ./bad.conflist -Detailed -PluginPath /nowhere
        $problems[0] | Should -BeOfType CniPS.CniNetworkProblem
        $problems.Id | Should -Be 'CniUnknownKey', 'CniUnknownKey', 'CniInvalidNetworkConfig', 'CniGatewayOutsideSubnet', 'CniPluginNotFound'
        $problems.Severity | Should -Be 'Warning', 'Warning', 'Error', 'Warning', 'Error'
        $problems.Line | Should -Be 1, 3, 3, 4, 5
        $problems[3].File | Should -Be "$TestDrive/bad.conflist"
        $problems[3].Key | Should -Be 'plugins[0].ipam.gateway'
        $problems | Format-Table | Out-String | Should -Match 'bad.conflist:4:'
    }

    It 'finds collisions with the folder and with the host' {
        (Get-Content ./bad.conflist -Raw) -replace '10\.45', '10.15' | Set-Content /etc/cni/net.d/20-bad.conflist
        try {
            $problem = Test-CniNetwork bad -Detailed -PluginPath /nowhere | Where-Object Id -EQ CniSubnetCollision
            $problem.Message | Should -BeLike '*10.15.20.0/24 of network mybridge (/etc/cni/net.d/10-mybridge.conflist:*'
            # Together, each is held against those before it.
            @(Test-CniNetwork -Detailed -PluginPath /nowhere | Where-Object Id -EQ CniSubnetCollision).Network | Should -Be 'bad'
            Test-CniNetwork -ErrorAction Ignore -WarningAction Ignore | Should -Be @($false)
        } finally {
            Remove-Item /etc/cni/net.d/20-bad.conflist
        }
        ip link add lan0 type veth peer name lan1
        ip addr add 10.15.20.200/25 dev lan0
        ip link set lan0 up
        (Test-CniNetwork mybridge -Detailed).Message | Should -BeLike '*10.15.20.128/25 dev lan0'
        ip link delete lan0
    }

    It 'takes one that is in no file' {
        (New-CniNetwork test 10.15.20.0/25 -Bridge cni9 | Test-CniNetwork -Detailed).Id | Should -Be 'CniSubnetCollision'
        New-CniNetwork test 10.44.0.0/24 -Bridge cni9 | Test-CniNetwork | Should -BeTrue
    }

    It 'asks for STATUS' {
        Test-CniNetwork mybridge -Status | Should -BeTrue
        Set-Content ./s.conflist @'
{"cniVersion":"1.1.0","name":"s","plugins":[
 {"type":"bridge","ipam":{"type":"host-local","subnet":"10.9.0.0/24","resolvConf":"/nonexist"}}]}
'@
        Test-CniNetwork ./s.conflist | Should -BeTrue
        $test = Invoke-Recorded { Test-CniNetwork ./s.conflist -Status }
        $test.Output | Should -Be @($false)
        $test.Errors[0].ToString() | Should -BeLike '*/nonexist*'
    }

    It 'says no of what is not there or is no JSON' {
        foreach ($case in { Test-CniNetwork nosuch }, { Test-CniNetwork ./nosuch.conflist }, { Test-CniNetwork -Path ./nosuch }) {
            $test = Invoke-Recorded $case
            $test.Output | Should -Be @($false) -Because $case
            $test.Errors.Count | Should -Be 1
        }
        Set-Content ./text.conflist '{,}'
        (Invoke-Recorded { Test-CniNetwork ./text.conflist }).Errors[0].CategoryInfo.Category | Should -Be 'ParserError'
    }
}

Describe 'Clear-CniNetwork' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 0.4.0)
        $null = New-CniNamespace blue, green | Add-CniAttachment mybridge
    }

    It 'removes what has lost its container, and says what' {
        Remove-CniNamespace green
        $removed = Clear-CniNetwork mybridge -Confirm:$false
        $removed | Should -BeOfType CniPS.CniGarbage
        $removed.Kind | Should -Be 'Attachment'
        $removed.ContainerId | Should -Be 'green'
        $removed.Interface | Should -Be 'eth0'
        $removed.Change -join ';' | Should -Match '10.15.20.3;rm -f /var/lib/cni/results/mybridge-green-eth0'
        (Get-CniAttachment).ContainerId | Should -Be 'blue'
        Test-CniAttachment mybridge blue | Should -BeTrue
        Get-Lease mybridge | Should -Be '10.15.20.2'
        Clear-CniNetwork mybridge -Confirm:$false | Should -BeNullOrEmpty
    }

    It 'leaves nothing where nothing is kept' {
        Clear-CniNetwork mybridge -Keep @() -Confirm:$false | Where-Object Kind -EQ Link | ForEach-Object Name | Should -Be 'cni_bridge0'
        (Get-Link).ifname | Should -Be 'lo'
        nft list ruleset | Should -BeNullOrEmpty
        Get-CacheFile | Should -BeNullOrEmpty
        Get-Lease mybridge | Should -BeNullOrEmpty
        sysctl -n net.ipv4.ip_forward | Should -Be 1 -Because 'others may have come to need it'
    }

    It 'keeps what it is told to: ids, objects, those of other networks passed over' {
        $null = New-CniNetwork two 10.41.0.0/24 -Bridge b41 -OutFile /etc/cni/net.d/two.conflist
        $null = 'eth1', 'eth2' | ForEach-Object { Add-CniAttachment two blue -Interface $_ }
        $null = Add-CniAttachment two green -Interface eth1
        Clear-CniNetwork two -Keep blue -Confirm:$false | Where-Object Kind -EQ Attachment | ForEach-Object ContainerId | Should -Be 'green'
        (Get-CniAttachment two).Interface | Should -Be 'eth1', 'eth2'
        $one = Get-CniAttachment | Where-Object Interface -EQ eth1
        (Clear-CniNetwork two -Keep $one -Confirm:$false).Interface | Should -Be 'eth2'
        $other = [pscustomobject] @{ Network = 'mybridge'; ContainerId = 'blue'; Interface = 'eth1' }
        (Clear-CniNetwork two -Keep $other -Confirm:$false)[0].Interface | Should -Be 'eth1'
        (Get-CniAttachment mybridge).Count | Should -Be 2
        (Invoke-Recorded { Clear-CniNetwork mybridge -Keep @{ a = 1 } -Confirm:$false }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
    }

    It 'closes ports that the Go plugin left open to addresses that nobody has' {
        nft 'add table ip cni_hostport; add chain ip cni_hostport hostports'
        foreach ($rule in '10.15.20.9:80 comment "gone"', '10.15.20.2:80 comment "blue"', '10.99.0.9:80 comment "gone"') {
            nft "add rule ip cni_hostport hostports tcp dport 8080 dnat to $rule"
        }
        $said = Get-WhatIf 'Clear-CniNetwork mybridge'
        $said | Should -Contain '# Rule ports to 10.15.20.9'
        $said -match 'nft delete rule ip cni_hostport hostports handle' | Should -HaveCount 1
        nft list table ip cni_hostport | Select-String 'dnat to 10\.' | Should -HaveCount 3
        $removed = Clear-CniNetwork mybridge -Confirm:$false
        "$($removed.Kind) $($removed.Name) $($removed.ContainerId)" | Should -Be 'Rule ports to 10.15.20.9 gone'
        nft list table ip cni_hostport | Select-String 'dnat to 10\.' | Should -HaveCount 2
    }

    It 'shows with -WhatIf exactly what it would do' {
        Remove-CniNamespace green
        Remove-Item /var/lib/cni/results/mybridge-blue-eth0
        $said = Get-WhatIf 'Clear-CniNetwork mybridge -Keep @()'
        $said | Where-Object { $_.StartsWith('# ') } | Should -Contain '# Attachment green/eth0'
        $said | Should -Not -Contain '# Lease 10.15.20.2' -Because 'blue is alive, whatever the cache knows'
        $said | Should -Contain 'rm -f /var/lib/cni/results/mybridge-green-eth0'
        Get-Lease mybridge | Should -Be '10.15.20.2', '10.15.20.3'
        $done = Clear-CniNetwork mybridge -Keep @() -Confirm:$false
        @($said | Select-Object -Skip 1 | Where-Object { -not $_.StartsWith('# ') }) | Should -Be $done.Change
    }

    It 'asks by default' {
        $failure = (Invoke-Recorded { Clear-CniNetwork mybridge -Keep @() }).Errors
        $failure.Count | Should -Be 1 -Because 'this session can''t be asked'
        (Get-CniAttachment).Count | Should -Be 2
        (Get-Command Clear-CniNetwork).ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'honours disableGC, and needs no file' {
        $list = (Get-BridgeList 1.1.0) -replace '"plugins"', '"disableGC":true,"plugins"'
        Set-Content /etc/cni/net.d/mybridge.conflist $list
        Clear-CniNetwork mybridge -Keep @() -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings | Should -BeLike '*disableGC*'
        (Get-CniAttachment).Count | Should -Be 2
        Remove-Item /etc/cni/net.d/mybridge.conflist
        Remove-CniNamespace blue
        (Clear-CniNetwork mybridge -Confirm:$false).ContainerId | Should -Be 'blue'
    }
}

Describe 'Get-CniPlugin' {
    BeforeAll {
        Set-Location $TestDrive
        $null = New-Item -ItemType Directory ./a, ./b
        Set-Content ./a/mine "#!/bin/sh`necho '{`"cniVersion`":`"1.0.0`",`"supportedVersions`":[`"0.4.0`",`"1.0.0`"]}'"
        Set-Content ./a/broken "#!/bin/sh`necho sorry >&2; exit 1"
        Set-Content ./a/README.md 'text'
        chmod +x ./a/mine ./a/broken
        Copy-Item ./a/mine ./b/mine
        Copy-Item ./a/mine ./a/bridge
        chmod +x ./a/bridge ./b/mine
    }

    It 'lists native ones and programs, with the one that is used first' {
        $all = Get-CniPlugin -PluginPath ./a, ./b
        $all | Should -BeOfType CniPS.CniPlugin
        ($all | Where-Object Type -EQ bridge).Source | Should -Be 'Native', 'Program'
        ($all | Where-Object Type -EQ bridge).IsUsed | Should -Be $true, $false
        ($all | Where-Object Type -EQ mine).Path | Should -Be "$TestDrive/a/mine", "$TestDrive/b/mine"
        ($all | Where-Object Type -EQ mine).IsUsed | Should -Be $true, $false
        $all.Type | Should -Contain 'loopback'
        $all.Type | Should -Not -Contain 'README.md'
        (Get-CniPlugin mine -PluginPath ./a).SupportedVersions | Should -Be '0.4.0', '1.0.0'
        (Get-CniPlugin bridge -PluginPath ./a -PluginSource Path).Source | Should -Be 'Program', 'Native'
    }

    It 'takes the executable of the links beside it for no plugin' {
        $null = New-Item -ItemType Directory ./links
        Copy-Item ./a/broken ./links/cnips
        chmod +x ./links/cnips
        Get-CniPlugin -PluginPath ./links | Where-Object Source -EQ Program | Should -BeNullOrEmpty
    }

    It 'shows broken programs as such' {
        $broken = Get-CniPlugin b* -PluginPath ./a | Where-Object Type -EQ broken
        $broken.Problem | Should -Match 'sorry'
        $broken.SupportedVersions | Should -BeNullOrEmpty
        $broken | Format-Table | Out-String | Should -Match 'broken +\* +Program broken'
    }

    It 'takes wildcards, misses what is not there, and completes' {
        (Get-CniPlugin host-l*, nosuch* -PluginPath ./a).Type | Should -Be 'host-local'
        $failure = (Invoke-Recorded { Get-CniPlugin nosuch -PluginPath ./a }).Errors[0]
        $failure.FullyQualifiedErrorId | Should -Be 'CniPluginNotFound,CniPS.Commands.GetCniPluginCommand'
        (Complete 'Get-CniPlugin -Name host-l').CompletionText | Should -Contain 'host-local'
    }
}

Describe 'Get-CniLease' {
    BeforeAll {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNetwork small 10.40.0.0/29 -RangeStart 10.40.0.3 -DataDir /run/data -Bridge b40 -OutFile /etc/cni/net.d/small.conflist
        $null = New-CniNamespace blue, green | Add-CniAttachment mybridge
        $null = Add-CniAttachment small blue -Interface eth1
        Set-Content /var/lib/cni/networks/mybridge/10.15.20.9 "stranger`r`neth0" -NoNewline
        Remove-CniNamespace green
    }

    It 'lists who holds what, in every folder that a network names' {
        $all = Get-CniLease
        $all | Should -BeOfType CniPS.CniLease
        [string[]] $all.IPAddress | Should -Be '10.15.20.2', '10.15.20.3', '10.15.20.9', '10.40.0.3'
        $all.ContainerId | Should -Be 'blue', 'green', 'stranger', 'blue'
        $all.Interface | Should -Be 'eth0', 'eth0', 'eth0', 'eth1'
        $all.IsStale | Should -Be $false, $true, $false, $false
        $all.State | Should -Be InUse, Stale, Unknown, InUse
        $all[0].Namespace | Should -Be 'blue'
        $all[0].Attachment.ToString() | Should -Be 'mybridge/blue/eth0'
        $all[1].Reason | Should -Be 'its namespace is gone'
        $all[2].Attachment | Should -BeNullOrEmpty
        ((Get-Date) - $all[0].Since).TotalMinutes | Should -BeLessThan 5
    }

    It 'takes wildcards, folders, and only the stale' {
        [string[]] (Get-CniLease -Stale).IPAddress | Should -Be '10.15.20.3' -Because 'the ADD of the other may be under way'
        [string[]] (Get-CniLease -Stale -Patience 0).IPAddress | Should -Be '10.15.20.3', '10.15.20.9'
        [string[]] (Get-CniLease small).IPAddress | Should -Be '10.40.0.3'
        [string[]] (Get-CniLease -ContainerId STR*).IPAddress | Should -Be '10.15.20.9'
        [string[]] (Get-CniLease -DataDir /run/data).IPAddress | Should -Be '10.40.0.3'
        [string[]] (Get-CniNetwork small | Get-CniLease).IPAddress | Should -Be '10.40.0.3'
        (Invoke-Recorded { Get-CniLease nosuch }).Errors[0].FullyQualifiedErrorId | Should -Be 'CniNetworkNotFound,CniPS.Commands.GetCniLeaseCommand'
    }

    It 'shows what is free' {
        $free = Get-CniLease mybridge -Available
        $free | Should -BeOfType CniPS.CniAddressRange
        [string[]] $free | Should -Be '10.15.20.4-10.15.20.8', '10.15.20.10-10.15.20.254'
        [int[]] $free.AddressCount | Should -Be 5, 245
        [string[]] (Get-CniLease small -Available) | Should -Be '10.40.0.4-10.40.0.6'
    }

    It 'goes down the pipeline' {
        Get-CniLease -ContainerId green | Remove-CniAttachment
        [string[]] (Get-CniLease mybridge).IPAddress | Should -Be '10.15.20.2', '10.15.20.9'
    }
}

Describe 'What another runtime made' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace blue
        $null = Add-CniAttachment mybridge blue -CniArgs 'IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=till-0'
        # As libcni before 1.2 writes it, and without anything of ours beside it.
        $file = '/var/lib/cni/results/mybridge-blue-eth0'
        $cached = Get-Content $file | ConvertFrom-Json -AsHashtable
        $cached.Remove('netns')
        Set-Content $file ($cached | ConvertTo-Json -Depth 20)
        Remove-Item -Recurse /var/lib/cni/cnips
    }

    It 'is a full attachment' {
        $attachment = Get-CniAttachment
        $attachment.State | Should -Be Alive
        $attachment.Namespace | Should -Be 'blue'
        $attachment.Pod | Should -Be 'shop/till-0'
        $attachment.Reason | Should -Be 'eth0 is in /run/netns/blue'
        $attachment | Test-CniAttachment | Should -BeTrue
        ($attachment | Resolve-CniInterface).Namespace | Should -Be 'blue'
        Get-CniLease -Stale | Should -BeNullOrEmpty
        Export-CniTopology -Format Mermaid | Out-String | Should -Match 'shop/till-0'
        { Remove-CniNetwork mybridge -Confirm:$false } | Should -Throw -ErrorId 'CniNetworkInUse,*' -ExpectedMessage '*blue/eth0*'
        $attachment | Remove-CniAttachment
        Get-Lease mybridge | Should -BeNullOrEmpty
    }

    It 'stays, whatever the cache holds' {
        (Get-CniNetwork mybridge | Clear-CniNetwork -Confirm:$false) | Should -BeNullOrEmpty
        Clear-CniNetwork mybridge -CachePath /run/elsewhere -Patience 0 -Confirm:$false | Should -BeNullOrEmpty
        Set-Content /var/lib/cni/results/mybridge-blue-eth0 'spoilt'
        Clear-CniNetwork mybridge -Patience 0 -Confirm:$false -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        Get-Lease mybridge | Should -Be '10.15.20.2'
        ip -n blue -br addr show eth0 | Should -Match '10.15.20.2'
    }

    It 'goes without proof only where it is named, with -Force' {
        ip -n blue link del eth0
        ip -n blue link add eth0 type bridge
        Clear-CniNetwork mybridge -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings | Should -BeLike '*keeps blue/eth0: *'
        (Invoke-Recorded { Clear-CniNetwork mybridge -Unknown blue -Confirm:$false }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        (Invoke-Recorded { Clear-CniNetwork mybridge -Force -Confirm:$false }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        (Clear-CniNetwork mybridge -Unknown blue -Force -Confirm:$false)[0].ContainerId | Should -Be 'blue'
        Get-CniAttachment | Should -BeNullOrEmpty
    }
}
