BeforeAll { . $PSScriptRoot/Common.ps1 }

Describe 'Repair-CniAttachment' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box
        $null = Add-CniAttachment mybridge box
    }

    It 'mends what was broken, and says nothing' {
        ip -n box addr del 10.15.20.2/24 dev eth0
        ip link del cni_bridge0
        nft flush ruleset
        Repair-CniAttachment mybridge box | Should -BeNullOrEmpty
        Test-CniAttachment mybridge box | Should -BeTrue
        Invoke-CniCommand box -- ping -c1 -W1 -q 10.15.20.1 | Out-Null
        $LASTEXITCODE | Should -Be 0
    }

    It 'shows the commands, and changes nothing, with -WhatIf' {
        ip -n box link set eth0 down
        $commands = Get-WhatIf 'Repair-CniAttachment mybridge box' | Select-Object -Skip 1
        $commands | Should -Contain 'ip -n box link set eth0 up'
        Test-CniAttachment mybridge box -ErrorAction Ignore | Should -BeFalse
        $commands | sh -e
        Test-CniAttachment mybridge box | Should -BeTrue
    }

    It 'makes a plan that can be compared' {
        ip -n box addr del 10.15.20.2/24 dev eth0
        $plan = Repair-CniAttachment mybridge box -WhatIf -PassThru
        "$plan" | Should -Be 'REPAIR mybridge/box/eth0: 3 steps'
        Repair-CniAttachment mybridge box
        ($plan | Compare-CniPlan).State | Sort-Object -Unique | Should -Be 'Done'
    }

    It 'emits what was mended, with -PassThru' {
        ip -n box link set eth0 address 02:00:00:00:00:09
        $mended = @(Get-CniAttachment | Repair-CniAttachment -PassThru)
        $mended | Should -BeOfType CniPS.CniDifference
        $mended[0].Subject | Should -Be 'MAC of eth0'
    }

    It 'shows each change with -Verbose' {
        ip -n box link set eth0 down
        $messages = @(Repair-CniAttachment mybridge box -Verbose 4>&1 | ForEach-Object Message)
        $messages | Should -Contain 'ip -n box link set eth0 up'
    }

    It 'takes differences from the pipeline' {
        ip -n box addr del 10.15.20.2/24 dev eth0
        Test-CniAttachment mybridge box -Detailed | Repair-CniAttachment
        Test-CniAttachment mybridge box | Should -BeTrue
    }

    It 'says what it can''t mend, and makes it anew when told to' {
        ip -n box link del eth0
        $repair = Invoke-Recorded { Repair-CniAttachment mybridge box }
        $repair.Errors.Count | Should -Be 1
        $repair.Errors[0].FullyQualifiedErrorId | Should -Be 'CniAttachmentDiffers,CniPS.Commands.RepairCniAttachmentCommand'
        $repair.Errors[0].ErrorDetails.RecommendedAction | Should -Match '-Recreate'
        Repair-CniAttachment mybridge box -Recreate
        Test-CniAttachment mybridge box | Should -BeTrue
        @(Get-Lease mybridge).Count | Should -Be 1
    }

    It 'removes nothing where the namespace is gone' {
        ip netns delete box
        $repair = Invoke-Recorded { Repair-CniAttachment mybridge -ContainerId box -Recreate }
        $repair.Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniAttachmentDiffers,*'
        $repair.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'Remove-CniAttachment mybridge box*'
        Get-CacheFile | Should -Be 'mybridge-box-eth0'
    }

    It 'mends what attachments share from many runspaces at once' {
        $null = New-CniNamespace (1..7 | ForEach-Object { "p$_" }) | Add-CniAttachment mybridge
        ip link del cni_bridge0
        nft flush ruleset
        $errors = Get-CniAttachment | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:Manifest
            $_ | Repair-CniAttachment 2>&1
        }
        $errors | Should -BeNullOrEmpty
        Get-CniAttachment | Test-CniAttachment | Sort-Object -Unique | Should -BeTrue
    }

    It 'refuses what is not attached' {
        (Invoke-Recorded { Repair-CniAttachment nowhere -ContainerId nobody }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniAttachmentNotFound,*'
    }
}
