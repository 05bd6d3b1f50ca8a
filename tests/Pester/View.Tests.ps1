BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    $null = New-CniNamespace box
    $attachment = Add-CniAttachment mybridge box
    ip -n box addr del 10.15.20.2/24 dev eth0
    $objects = @{
        CniAttachment = $attachment
        CniNetwork    = Get-CniNetwork
        CniNamespace  = Get-CniNamespace
        CniResult     = $attachment.Result
        CniDifference = @(Test-CniAttachment mybridge box -Detailed)[0]
        CniPlan       = $plan = Remove-CniAttachment mybridge box -WhatIf -PassThru
        CniPlanStep   = $plan.Steps[0]
        CniPlanStanding   = @($plan | Compare-CniPlan)[0]
        CniInterfaceOwner = Resolve-CniInterface $attachment.HostInterface
        CniDhcpService    = Start-CniDhcpService
        CniTrace      = Get-CniTrace -Plugin host-local -Last 1
    }

    function Get-Line($Object, [int] $Width = 100) {
        ($Object | Out-String -Width $Width) -split '\r?\n' | Where-Object { $_ }
    }
}

Describe 'The views of <_>' -ForEach @(
    'CniAttachment', 'CniNetwork', 'CniNamespace', 'CniResult', 'CniDifference', 'CniTrace'
    'CniPlan', 'CniPlanStep', 'CniPlanStanding', 'CniInterfaceOwner', 'CniDhcpService'
) {
    BeforeAll {
        $object = $objects[$_]
    }

    It 'are a table that fits a narrow window' {
        $lines = Get-Line $object 80
        $lines.Count | Should -Be 3
        $lines[1] | Should -Match '^ *-+( +-+)*\s*$'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
    }

    It 'are a list as well' {
        $lines = Get-Line ($object | Format-List)
        $lines.Count | Should -BeGreaterThan 3
        $lines[0] | Should -Match '^\w+ +: '
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
    }

    It 'hold for those that came back from elsewhere' {
        $object | Export-Clixml $TestDrive/x.xml
        $back = Import-Clixml $TestDrive/x.xml
        (Get-Line $back)[0] | Should -Be (Get-Line $object)[0]
    }
}

Describe 'What is seen' {
    It 'of an attachment' {
        Get-Line $attachment | Select-Object -Last 1 | Should -Match '^mybridge +box +eth0 +10\.15\.20\.2/24 +Alive'
        Get-Line ($attachment | Format-List) | Should -Contain 'Addresses     : 10.15.20.2/24'
    }

    It 'of a result in its list is the specification''s JSON' {
        (Get-Line ($attachment.Result | Format-List)) -match '"cniVersion": "1.0.0"' | Should -Not -BeNullOrEmpty
    }

    It 'as a text' {
        "$attachment" | Should -Be 'mybridge/box/eth0'
        "$(Get-CniNetwork)" | Should -Be 'mybridge'
        "$(Get-CniNamespace)" | Should -Be 'box'
    }
}
