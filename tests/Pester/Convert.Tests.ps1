BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Convert-CniAttachment' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0 -More ',{"type":"portmap","capabilities":{"portMappings":true}},{"type":"firewall","backend":"nftables"}')
        $null = New-CniNamespace box
        $null = Add-CniAttachment mybridge box -PortMapping 8080:80
    }

    It 'turns the rules into those of iptables, and says nothing' {
        Convert-CniAttachment mybridge box -Backend Iptables | Should -BeNullOrEmpty
        nft list tables | Should -Not -Contain 'table inet cnips'
        @(iptables-save | Where-Object { $_ -match '10\.15\.20\.2' }).Count | Should -Be 4
        Test-CniAttachment mybridge box | Should -BeTrue
        Remove-CniAttachment mybridge box
        iptables-save | Where-Object { $_ -cmatch '10\.15\.20\.2|:CNI-DN|:CNI-[0-9a-f]{24}' } | Should -BeNullOrEmpty
    }

    It 'and back, as often as one likes' {
        $before = nft list table inet cnips
        foreach ($backend in 'Iptables', 'Iptables', 'Nftables', 'Nftables') { Convert-CniAttachment mybridge box -Backend $backend }
        @(nft list table inet cnips | Where-Object { $_ -match 'mybridge eth0 box' }).Count | Should -Be @($before | Where-Object { $_ -match 'mybridge eth0 box' }).Count
        iptables-save | Where-Object { $_ -match '10\.15\.20\.2' } | Should -BeNullOrEmpty
        Test-CniAttachment mybridge box | Should -BeTrue
    }

    It 'shows the commands, and changes nothing, with -WhatIf' {
        $before = nft list ruleset
        $cached = Get-FileHash /var/lib/cni/results/mybridge-box-eth0
        $commands = (Convert-CniAttachment mybridge box -Backend Iptables -WhatIf -PassThru).Steps.Text
        nft list ruleset | Should -Be $before
        (Get-FileHash /var/lib/cni/results/mybridge-box-eth0).Hash | Should -Be $cached.Hash
        $commands | sh -e
        nft list tables | Should -Not -Contain 'table inet cnips'
        Test-CniAttachment mybridge box | Should -BeTrue
    }

    It 'makes a plan that can be compared' {
        $plan = Convert-CniAttachment mybridge box -Backend Iptables -WhatIf -PassThru
        "$plan" | Should -BeLike 'CONVERT mybridge/box/eth0: * steps'
        Convert-CniAttachment mybridge box -Backend Iptables
        ($plan | Compare-CniPlan).State | Sort-Object -Unique | Should -Be 'Done'
    }

    It 'takes attachments from the pipeline, and emits them with -PassThru' {
        $null = New-CniNamespace other | Add-CniAttachment mybridge
        $converted = @(Get-CniAttachment | Convert-CniAttachment -Backend Iptables -PassThru)
        $converted | Should -BeOfType CniPS.CniAttachment
        $converted.ContainerId | Should -Be 'box', 'other'
        $converted.State | Sort-Object -Unique | Should -Be 'Alive'
    }

    It 'names the backend in the cached configuration, where all other keys stay' {
        Convert-CniAttachment mybridge box -Backend Iptables
        $entry = Get-Content /var/lib/cni/results/mybridge-box-eth0 -Raw | ConvertFrom-Json
        $list = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($entry.config)) | ConvertFrom-Json
        $list.plugins[0].ipMasqBackend | Should -Be 'iptables'
        $list.plugins[1].backend | Should -Be 'iptables'
        $list.plugins[2].backend | Should -Be 'iptables'
        $list.plugins[1].capabilities.portMappings | Should -BeTrue
        $entry.capabilityArgs.portMappings[0].hostPort | Should -Be 8080
        Get-Content /etc/cni/net.d/mybridge.conflist -Raw | Should -Not -Match 'iptables'
    }

    It 'changes nothing where a step fails, and says so' {
        $before = nft list table inet cnips
        # Somebody's chain of that name: iptables reads no more of the table.
        nft 'add table ip nat; add chain ip nat POSTROUTING { type filter hook forward priority 0; }; add rule ip nat POSTROUTING meta mark set numgen random mod 2'
        $said = Invoke-Recorded { Convert-CniAttachment mybridge box -Backend Iptables }
        nft delete table ip nat
        $said.Errors.Count | Should -Be 1
        $said.Errors[0].ToString() | Should -Match 'its rules are as they were'
        nft list table inet cnips | Should -Be $before
        Test-CniAttachment mybridge box | Should -BeTrue
    }

    It 'refuses conditions that one backend can''t say' {
        Set-Content /etc/cni/net.d/other.conflist (Get-BridgeList 1.0.0 other -Bridge br1 -More ',{"type":"portmap","capabilities":{"portMappings":true},"conditionsV4":["ip","saddr","192.0.2.0/24"]}')
        $null = New-CniNamespace odd | Add-CniAttachment other -PortMapping 8081:80
        $said = Invoke-Recorded { Convert-CniAttachment other odd -Backend Iptables }
        $said.Errors[0].ToString() | Should -Match 'nftables-specific options'
        Test-CniAttachment other odd | Should -BeTrue
    }

    It 'refuses what is not attached' {
        (Invoke-Recorded { Convert-CniAttachment nowhere -ContainerId nobody -Backend Iptables }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniAttachmentNotFound,*'
    }

    It 'has the module choose by CNIPS_BACKEND' {
        try {
            $env:CNIPS_BACKEND = 'iptables'
            $null = New-CniNamespace late | Add-CniAttachment mybridge
            @(iptables-save -t nat | Where-Object { $_ -match '10\.15\.20\.3' }).Count | Should -Be 1
            $env:CNIPS_BACKEND = 'ebtables'
            (Invoke-Recorded { New-CniNamespace later | Add-CniAttachment mybridge }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        } finally {
            $env:CNIPS_BACKEND = $null
        }
    }

    It 'offers backends, networks and containers with Tab' {
        (Complete 'Convert-CniAttachment mybridge box -Backend ').CompletionText | Should -Be 'Iptables', 'Nftables'
        (Complete 'Convert-CniAttachment ').CompletionText | Should -Contain 'mybridge'
        (Complete 'Convert-CniAttachment mybridge -ContainerId ').CompletionText | Should -Contain 'box'
    }
}
