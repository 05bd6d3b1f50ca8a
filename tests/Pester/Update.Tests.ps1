BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Network, MAC address and addresses of blue, as one line.
    function Get-Identity {
        $attachment = Get-CniAttachment -ContainerId blue
        "$($attachment.Network) $($attachment.Mac) $($attachment.Addresses)"
    }
}

Describe 'Update-CniAttachment and Move-CniAttachment' {
    BeforeEach {
        Clear-Machine
        $null = New-CniNetwork web 10.15.60.0/24 -Bridge web0 -IsDefaultGateway -PortMapping -OutFile /etc/cni/net.d/10-web.conflist
        $null = New-CniNetwork spare 10.15.61.0/24 -Bridge spare0 -IsDefaultGateway -PortMapping -OutFile /etc/cni/net.d/20-spare.conflist
        $null = New-CniNamespace blue, green
        $null = Add-CniAttachment web blue -PortMapping 8080:80
        $null = Add-CniAttachment web green
    }

    It 'give what is outdated the network as it is now' {
        Get-CniAttachment | Where-Object IsOutdated | Should -BeNullOrEmpty
        Set-CniNetwork web @{ mtu = 1400 }
        (Get-CniAttachment | Where-Object IsOutdated).ContainerId | Should -Be 'blue', 'green'
        $before = Get-Identity
        Get-CniAttachment | Where-Object IsOutdated | Update-CniAttachment | Should -BeNullOrEmpty
        Get-CniAttachment | Where-Object IsOutdated | Should -BeNullOrEmpty
        Get-Identity | Should -Be $before
        (Get-Link blue | Where-Object ifname -EQ eth0).mtu | Should -Be 1400
        Get-CniAttachment | Test-CniAttachment | Should -Be $true, $true
        (nft list ruleset) -join ' ' | Should -Match 'tcp . 8080'
        Update-CniAttachment web blue -Verbose 4>&1 | Out-String | Should -BeLike '*nothing to change*'
    }

    # A plan goes as far as it can be known: a program behind the first plugin ends it, and what was to come after that is named.
    It 'plan up to the program whose answer decides' {
        Set-Content $TestDrive/mystery "#!/bin/sh`ncat > /dev/null`necho '{`"cniVersion`":`"1.0.0`",`"supportedVersions`":[`"1.0.0`"]}'"
        chmod +x $TestDrive/mystery
        $predicted = Update-CniAttachment web green -PortMapping 8090:80 -WhatIf -PassThru
        "$predicted" | Should -Match '^UPDATE web/green/eth0: \d+ steps$'
        $predicted.PredictedResult.Ips[0].Address | Should -Be '10.15.60.3/24'
        $env:CNI_PATH = $TestDrive
        try {
            Add-CniNetworkPlugin web mystery
            Add-CniNetworkPlugin web tuning
            $plan = Update-CniAttachment web green -WhatIf -PassThru -WarningAction Ignore
            $plan.EndsAt | Should -Be 'mystery'
            "$plan" | Should -BeLike 'UPDATE web/green/eth0: * steps, then mystery decides'
            $plan.IsComplete | Should -BeFalse
            $plan.PredictedResult | Should -BeNullOrEmpty
            $plan.Steps[-1].Kind | Should -Be 'ProgramCall'
            $plan.Warnings | Should -Be 'What mystery would answer is not known: the plan ends here. After it: tuning'
            Test-CniAttachment web green | Should -BeTrue
            (Get-CniAttachment web -ContainerId green).IsOutdated | Should -BeTrue
        } finally {
            $env:CNI_PATH = $null
        }
    }

    It 'say what they would do, and do nothing' {
        Set-CniNetwork web @{ mtu = 1400 }
        $commands = Get-WhatIf 'Update-CniAttachment web green'
        @($commands -like 'ip link del veth*').Count | Should -Be 1
        @($commands -like '*mtu 1400*peer name eth0*').Count | Should -Be 1
        $plan = Move-CniAttachment web green -To spare -WhatIf -PassThru
        $plan | Should -BeOfType CniPS.CniPlan
        $plan.Verb | Should -Be 'MOVE'
        (Get-CniAttachment | Where-Object IsOutdated).ContainerId | Should -Be 'blue', 'green'
    }

    It 'change the ports of a running container' {
        Update-CniAttachment web blue -PortMapping 8081:80, 8443:443
        (nft list ruleset) -join ' ' | Should -Match 'tcp . 8443'
        (nft list ruleset) -join ' ' | Should -Not -Match '8080'
        Update-CniAttachment web blue -PortMapping @()
        (nft list ruleset) -join ' ' | Should -Not -Match '8081'
    }

    It 'take a container to another network' {
        $mac = (Get-CniAttachment -ContainerId blue).Mac
        $moved = Get-CniAttachment web | Move-CniAttachment -To spare -PassThru
        $moved.Network | Should -Be 'spare', 'spare'
        $moved[0].Mac | Should -Be $mac
        Get-CniAttachment web | Should -BeNullOrEmpty
        Get-Lease web | Should -BeNullOrEmpty
        (nft list ruleset) -join ' ' | Should -Match '8080 comment "spare eth0 blue"'
        (Invoke-Recorded { Move-CniAttachment spare blue -To spare }).Errors[0].Exception.Message | Should -BeLike '*already*'
    }

    It 'leave it as it was when they fail' {
        $before = Get-Identity
        Add-CniNetworkPlugin web tuning @{ sysctl = @{ 'net.ipv4.nosuch' = '1' } }
        $tried = Invoke-Recorded { Update-CniAttachment web blue }
        $tried.Errors[0].Exception.Message | Should -BeLike '*(the attachment is there again as it was)'
        Get-Identity | Should -Be $before
        Set-CniNetwork spare @{ 'ipam.subnet' = '10.15.62.0/30'; 'ipam.rangeStart' = '10.15.62.2' }
        Move-CniAttachment web green -To spare
        $tried = Invoke-Recorded { Move-CniAttachment web blue -To spare }
        $tried.Errors[0].Exception.Message | Should -BeLike '*(nothing was changed)'
        Get-Identity | Should -Be $before
        Remove-CniNetworkPlugin web tuning
        Test-CniAttachment web blue | Should -BeTrue
    }
}
