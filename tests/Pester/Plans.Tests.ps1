BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    $null = New-CniNamespace box, red
}

Describe '-WhatIf -PassThru' {
    It 'of Add-CniAttachment gives the plan as an object' {
        $script:plan = Add-CniAttachment mybridge box -WhatIf -PassThru
        $plan | Should -BeOfType CniPS.CniPlan
        "$plan" | Should -Be "ADD mybridge/box/eth0: $($plan.Steps.Count) steps"
        $plan.Namespace | Should -Be 'box'
        $plan.IsComplete | Should -BeTrue
        $plan.PredictedResult.Ips[0].Address | Should -Be '10.15.20.2/24'
        ($plan.Steps | Where-Object Kind -EQ BridgeAdd).IsShared | Should -BeTrue
        ($plan.Steps | Where-Object Kind -EQ FileCreate).Plugin | Should -Be 'host-local'
        $plan.Steps.Text | Should -Contain 'ip -n box addr add 10.15.20.2/24 brd + dev eth0'
        Get-CniAttachment | Should -BeNullOrEmpty
    }

    It 'says where a program decides' {
        Set-Content $TestDrive/mystery "#!/bin/sh`nexit 1`n"
        chmod +x $TestDrive/mystery
        $network = Get-BridgeList 1.0.0 -More ',{"type":"mystery"}' | New-CniNetwork
        $open = $network | Add-CniAttachment -Namespace box -PluginPath $TestDrive -WhatIf -PassThru -WarningAction SilentlyContinue
        $open.EndsAt | Should -Be 'mystery'
        $open.IsComplete | Should -BeFalse
        $open.PredictedResult | Should -BeNullOrEmpty
        $open.Warnings | Should -Match 'the plan ends here'
        "$open" | Should -BeLike '*, then mystery decides'
        ($open | Compare-CniPlan)[-1].State | Should -Be 'Unknown'
    }

    It 'survives Export-Clixml with its steps' {
        $plan | Export-Clixml $TestDrive/plan.xml
        $back = Import-Clixml $TestDrive/plan.xml
        $back.Steps.Text | Should -Be $plan.Steps.Text
        $back | ConvertTo-CniJson | Should -Match '10\.15\.20\.2/24'
    }
}

Describe 'Compare-CniPlan' {
    It 'says what is to do, then that it is done' {
        $plan | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'ToDo'
        $null = Add-CniAttachment mybridge box
        $plan | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'Done'
    }

    It 'says the same of a plan that was stored or sent' {
        $told = $plan | Compare-CniPlan | ForEach-Object ToString
        $plan | Export-Clixml $TestDrive/plan.xml
        Import-Clixml $TestDrive/plan.xml | Compare-CniPlan | ForEach-Object ToString | Should -Be $told
        $plan | ConvertTo-Json | Set-Content $TestDrive/plan.json
        Get-Content $TestDrive/plan.json -Raw | ConvertFrom-Json | Compare-CniPlan | ForEach-Object ToString | Should -Be $told
        ConvertTo-Json $plan, $plan -WarningVariable cut | ConvertFrom-Json | Select-Object -First 1 | Compare-CniPlan | ForEach-Object ToString | Should -Be $told
        $cut | Should -BeNullOrEmpty
        $job = Start-Job { Import-Module $using:Manifest; Add-CniAttachment mybridge red -WhatIf -PassThru }
        $sent = $job | Receive-Job -Wait
        $sent.pstypenames | Should -Contain 'Deserialized.CniPS.CniPlan'
        $here = Add-CniAttachment mybridge red -WhatIf -PassThru
        $sent | Compare-CniPlan | ForEach-Object ToString | Should -Be ($here | Compare-CniPlan | ForEach-Object ToString)
        ($sent | Show-CniAttachment | ForEach-Object ToString) -join "`n" | Should -Be (($here | Show-CniAttachment | ForEach-Object ToString) -join "`n")
    }

    It 'keeps every kind of change of a stored plan' -TestCases @(
        @{ Backend = 'nftables' }
        @{ Backend = 'iptables' }
    ) {
        $network = ConvertFrom-Json (Get-BridgeList 1.0.0) -AsHashtable
        $network.name = 'full'
        $network.plugins[0].bridge = 'full0'
        $network.plugins[0].macspoofchk = $true
        $network.plugins[0].hairpinMode = $true
        $network.plugins[0].ipMasqBackend = $Backend
        $network.plugins += @{ type = 'portmap'; backend = $Backend; capabilities = @{ portMappings = $true } }
        $network.plugins += @{ type = 'firewall'; backend = $Backend; ingressPolicy = 'same-bridge' }
        $network.plugins += @{ type = 'tuning'; mtu = 1400; mac = '02:00:00:00:00:07'; sysctl = @{ 'net.ipv4.conf.IFNAME.arp_filter' = '1' } }
        $network.plugins += @{ type = 'bandwidth'; ingressRate = 1000000; ingressBurst = 1000000; egressRate = 1000000; egressBurst = 1000000 }
        $network.plugins += @{ type = 'sbr' }
        ConvertTo-Json $network -Depth 9 | Set-Content $TestDrive/full.conflist
        $full = Add-CniAttachment $TestDrive/full.conflist red -PortMapping 8080:80, 53:53/udp -WhatIf -PassThru
        $full.Steps.Count | Should -BeGreaterThan 15
        $told = $full | Compare-CniPlan | ForEach-Object ToString
        $full | ConvertTo-Json | ConvertFrom-Json | Compare-CniPlan | ForEach-Object ToString | Should -Be $told
    }

    It 'says what is in the way of a stored plan whose namespace is gone' {
        $null = New-CniNamespace passing
        $json = Add-CniAttachment mybridge passing -WhatIf -PassThru | ConvertTo-Json
        Remove-CniNamespace passing
        $rows = @($json | ConvertFrom-Json | Compare-CniPlan)
        @($rows | Where-Object { $_.Text -like 'ip -n passing *' }).State | Sort-Object -Unique | Should -Be 'Conflict'
        @($rows | Where-Object State -EQ Conflict)[0].Reason | Should -Match 'No such file'
    }

    It 'refuses a step that is no change' {
        $json = ($plan | ConvertTo-Json) -replace 'Changes\.BridgeAdd', 'Machine.LinuxHost'
        { $json | ConvertFrom-Json | Compare-CniPlan -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
    }

    It 'says what has been undone' {
        ip -n box route del default
        $open = @($plan | Compare-CniPlan -State ToDo, Conflict)
        $open.Count | Should -Be 1
        "$open" | Should -Be 'ToDo: ip -n box route add default via 10.15.20.1 dev eth0'
        ip -n box route add default via 10.15.20.1
    }

    It 'says what is in the way' {
        $late = Add-CniAttachment mybridge red -WhatIf -PassThru
        $null = New-CniNamespace green | Add-CniAttachment mybridge
        $conflict = @($late | Compare-CniPlan -State Conflict)
        $conflict[0].Kind | Should -Be 'FileCreate'
        $conflict[0].Reason | Should -Match 'exists'
    }

    It 'compares the plan of a removal' {
        $removal = Remove-CniAttachment mybridge box -WhatIf -PassThru
        $removal.Verb | Should -Be 'DEL'
        $removal | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'ToDo'
        Remove-CniAttachment mybridge box
        $removal | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'Done'
    }

    It 'compares the plan of a collection' {
        ip -n green link del eth0
        $collection = Clear-CniNetwork mybridge -WhatIf -PassThru
        "$collection" | Should -BeLike 'GC mybridge: * steps'
        $collection | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'ToDo'
        $null = Clear-CniNetwork mybridge -Confirm:$false
        $collection | Compare-CniPlan | ForEach-Object State | Sort-Object -Unique | Should -Be 'Done'
    }

    It 'leaves no namespace open' {
        $open = Get-ChildItem "/proc/$PID/fd" | Where-Object { $_.Target -match '^net:|netns' }
        $null = $plan | Compare-CniPlan
        (Get-ChildItem "/proc/$PID/fd" | Where-Object { $_.Target -match '^net:|netns' }).Count | Should -Be @($open).Count
    }

    It 'completes the states' {
        (Complete 'Compare-CniPlan -State ').ListItemText | Should -Contain 'Conflict'
    }
}

Describe '-WhatIf' {
    It 'of what writes files and runs programs shows the command, which does the same' {
        $command = Get-WhatIf 'New-CniNetwork other 10.9.0.0/24 -OutFile /etc/cni/net.d/other.conflist'
        $command | Should -Match '^\(umask 133; printf '
        $command | sh -e
        (Get-CniNetwork other).Subnet | Should -Be '10.9.0.0/24'
        Get-WhatIf 'Set-CniNetwork other @{ mtu = 1400 }' | sh -e
        (Get-CniNetwork other).Json | Should -Match '"mtu": 1400'
        Get-WhatIf 'Remove-CniNetwork other' | Should -Be 'rm -f /etc/cni/net.d/other.conflist'
        Get-CniNetwork other | Should -Not -BeNullOrEmpty
        Get-WhatIf 'Invoke-CniCommand red touch /tmp/never' | Should -Match 'netns exec red touch /tmp/never$'
        Test-Path /tmp/never | Should -BeFalse
    }
}
