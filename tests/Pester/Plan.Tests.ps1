BeforeAll {
    . $PSScriptRoot/Common.ps1

    # All that CniPS can change, without what only the kernel chooses.
    function Get-State {
        $state = [ordered] @{}
        foreach ($ns in '', 'box') {
            $links = Get-Link $ns | Sort-Object ifname
            $state["links $ns"] = @($links | ForEach-Object { "$($_.ifname) $($_.linkinfo.info_kind) $($_.master) $($_.mtu) $($_.flags -contains 'UP')" })
            $state["addresses $ns"] = @($links | ForEach-Object { "$($_.ifname) $(Get-Address $_.ifname $ns)" })
        }
        $state['routes'] = @(Get-Route box)
        $state['forward'] = Get-Content /proc/sys/net/ipv4/ip_forward
        $state['arp_notify'] = "$(Invoke-CniCommand box -- cat /proc/sys/net/ipv4/conf/eth0/arp_notify 2> $null)"
        $state['rules'] = @((nft -n list ruleset) -replace 'handle \d+')
        $files = Get-ChildItem /var/lib/cni/networks, /var/lib/cni/results -Recurse -File -Exclude lock -ErrorAction Ignore
        $state['files'] = @(foreach ($file in $files | Sort-Object FullName) {
                "$($file.FullName) $($file.UnixMode) $((Get-Content $file.FullName -Raw) -replace '"mac":(null|"[^"]*"),?')"
            })
        $state | ConvertTo-Json -Depth 4
    }
}

Describe '-WhatIf' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box
        $empty = Get-State
    }

    It 'shows every change as its command, and the address among them' {
        $plan = Get-WhatIf 'Add-CniAttachment mybridge box'
        $plan[0] | Should -Be 'Performing the operation "Add-CniAttachment" on target "container box, interface eth0, network mybridge".'
        $plan | Should -Contain 'ip link add name cni_bridge0 up type bridge'
        $plan | Should -Contain 'ip -n box addr add 10.15.20.2/24 brd + dev eth0'
        $plan | Should -Contain 'ip addr add 10.15.20.1/24 brd + dev cni_bridge0'
        $plan | Should -Contain 'sysctl -qw net/ipv4/ip_forward=1'
        $plan -match '/var/lib/cni/networks/mybridge/10\.15\.20\.2' | Should -Not -BeNullOrEmpty
        $plan -match '/var/lib/cni/results/mybridge-box-eth0' | Should -Not -BeNullOrEmpty
    }

    It 'shows what the plan has, but for the middle of a long file' {
        $shown = Get-WhatIf 'Add-CniAttachment mybridge box' | Select-Object -Skip 1
        $texts = (Add-CniAttachment mybridge box -WhatIf -PassThru).Steps.Text
        $shown | Should -HaveCount $texts.Count
        for ($i = 0; $i -lt $shown.Count; $i++) {
            $start, $end = $shown[$i] -split [char] 0x2026
            $texts[$i].StartsWith($start) | Should -BeTrue -Because $start
            if ($end) {
                $texts[$i].EndsWith($end) | Should -BeTrue -Because $end
            } else {
                $texts[$i] | Should -Be $start
            }
        }
        @($shown -match [char] 0x2026) | Should -HaveCount 1
    }

    It 'makes no change, takes no address, and emits nothing' {
        Add-CniAttachment mybridge box -WhatIf | Should -BeNullOrEmpty
        Get-State | Should -Be $empty
        Get-ChildItem /var/lib/cni -Recurse -File | Should -BeNullOrEmpty
        (Add-CniAttachment mybridge box).IPAddress | Should -Be '10.15.20.2'
    }

    It 'has a plan of commands that do what it would have done' {
        $plan = (Add-CniAttachment mybridge box -WhatIf -PassThru).Steps.Text
        $plan | sh -e
        $LASTEXITCODE | Should -Be 0
        $byHand = Get-State
        $byHand | Should -Not -Be $empty
        Test-CniAttachment mybridge box | Should -BeTrue

        $plan = (Remove-CniAttachment mybridge box -WhatIf -PassThru).Steps.Text
        $plan | sh -e
        $LASTEXITCODE | Should -Be 0
        $removedByHand = Get-State

        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box
        $null = Add-CniAttachment mybridge box
        $byHand | Should -Be (Get-State)
        Remove-CniAttachment mybridge box
        $removedByHand | Should -Be (Get-State)
    }

    It 'of Remove-CniAttachment removes nothing' {
        $null = Add-CniAttachment mybridge box
        $before = Get-State
        Get-WhatIf 'Remove-CniAttachment mybridge box' | Should -Contain 'rm -f /var/lib/cni/networks/mybridge/10.15.20.2'
        Remove-CniAttachment mybridge box -WhatIf
        Get-State | Should -Be $before
    }

    It 'says where a program makes the rest unknown' {
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0 -More ',{"type":"mystery"}')
        Set-Content $TestDrive/mystery "#!/bin/sh`ntouch $TestDrive/ran`n"
        chmod +x $TestDrive/mystery
        $plan = Get-WhatIf "Add-CniAttachment mybridge box -PluginPath $TestDrive"
        $plan -match "CNI_COMMAND=ADD.*$([regex]::Escape("$TestDrive/mystery"))" | Should -Not -BeNullOrEmpty
        Test-Path $TestDrive/ran | Should -BeFalse
        Get-State | Should -Be $empty
    }

    It 'fails where the operation would' {
        $add = Invoke-Recorded { Add-CniAttachment mybridge nowhere -WhatIf }
        $add.Errors[0].FullyQualifiedErrorId | Should -Be 'CniInvalidNamespace,CniPS.Commands.AddCniAttachmentCommand'
    }

    It 'covers namespaces and files' {
        Get-WhatIf 'New-CniNamespace other' | Should -Be 'ip netns add other', 'ip -n other link set lo up'
        Get-WhatIf 'Remove-CniNamespace box' | Should -Be 'ip netns delete box'
        Test-Path /run/netns/other | Should -BeFalse
        New-CniNetwork other 10.9.0.0/24 -OutFile /etc/cni/net.d/other.conflist -WhatIf | Should -BeNullOrEmpty
        Test-Path /etc/cni/net.d/other.conflist | Should -BeFalse
    }
}

Describe '-Verbose' {
    BeforeAll {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box
    }

    It 'shows the changes as they are made' {
        $messages = @(Add-CniAttachment mybridge box -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
        $messages | Should -Contain 'ip -n box addr add 10.15.20.2/24 brd + dev eth0'
        $messages | Should -Contain 'sysctl -qw net/ipv4/ip_forward=1'
        $messages = @(Remove-CniAttachment mybridge box -Verbose 4>&1 | ForEach-Object Message)
        $messages | Should -Contain 'rm -f /var/lib/cni/networks/mybridge/10.15.20.2'
    }

    It 'shows nothing unasked' {
        Add-CniAttachment mybridge box 4>&1 | Should -BeOfType CniPS.CniAttachment
        Remove-CniAttachment mybridge box 4>&1 | Should -BeNullOrEmpty
    }

    It 'takes everything back where the stream refuses to go on' {
        $VerbosePreference = 'Stop'
        { Add-CniAttachment mybridge box } | Should -Throw -ErrorId 'ActionPreferenceStop,*'
        $VerbosePreference = 'SilentlyContinue'
        (Get-Link box).ifname | Should -Be 'lo'
        Get-Lease mybridge | Should -BeNullOrEmpty
        Get-CniAttachment | Should -BeNullOrEmpty
    }
}
