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
        if ($_ -eq 'CniDifference') { $lines = $lines -notmatch '^ +Attachment: ' }
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
        Get-Line $attachment | Select-Object -Last 1 | Should -Match '^mybridge +box +eth0 +10\.15\.20\.2 +Alive'
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

Describe 'What comes out of any cmdlet' {
    BeforeAll {
        # The types that the cmdlets name, and those of their properties.
        $outputs = (Get-Command -Module CniPS).OutputType.Type | Where-Object Namespace -Like 'CniPS*' | Sort-Object FullName -Unique
        $types = [Collections.Generic.HashSet[type]]::new()
        $left = [Collections.Generic.Queue[type]]::new([type[]] $outputs)
        while ($left.Count -gt 0) {
            $type = $left.Dequeue()
            if ($type.HasElementType) { $left.Enqueue($type.GetElementType()) }
            if ($type.IsGenericType) { $type.GetGenericArguments() | ForEach-Object { $left.Enqueue($_) } }
            if (-not $type.HasElementType -and "$($type.Namespace)" -like 'CniPS*' -and $types.Add($type)) {
                $type.GetProperties('Public, Instance') | ForEach-Object { $left.Enqueue($_.PropertyType) }
            }
        }
    }

    It 'reads well as a text' {
        $types.Count | Should -BeGreaterThan 20
        $types | Where-Object { $_.GetMethod('ToString', [type[]] @()).DeclaringType -in [object], [ValueType] } | Should -BeNullOrEmpty
        foreach ($name in $objects.Keys) {
            foreach ($object in $objects[$name]) {
                "$object" | Should -Not -BeNullOrEmpty -Because $name
                "$object" | Should -Not -Match 'CniPS\.|^Cni' -Because $name
            }
        }
        "$($attachment.Result)" | Should -Be '10.15.20.2/24'
        "$([CniPS.Spec.CniResult]::new())" | Should -Be 'nothing, in version 1.1.0'
    }

    It 'can be sorted as it is' {
        # A tree's lines have their order, and a result is one attachment's.
        $outputs | Where-Object Name -NotIn 'CniTreeLine', 'CniAddResult' | Where-Object { -not [IComparable].IsAssignableFrom($_) } |
            Should -BeNullOrEmpty
        foreach ($name in $objects.Keys) {
            foreach ($object in $objects[$name] | Where-Object { $_ -is [IComparable] }) {
                $object.CompareTo($object) | Should -Be 0 -Because $name
                $object.CompareTo($null) | Should -BeGreaterThan 0 -Because $name
                { $object.CompareTo(1) } | Should -Throw -ErrorId 'ArgumentException' -Because $name
            }
        }
    }

    It 'is sorted by number where it is an address or a step' {
        foreach ($number in 10, 9, 100) { Set-Content "/var/lib/cni/networks/mybridge/10.15.20.$number" "x$number`r`neth0" -NoNewline }
        "$(Get-CniLease mybridge | Sort-Object -Descending)" | Should -Be '10.15.20.100 10.15.20.10 10.15.20.9 10.15.20.2'
        $leases = Get-CniLease mybridge
        "$(($leases | Sort-Object IPAddress -Descending).IPAddress)" | Should -Be '10.15.20.100 10.15.20.10 10.15.20.9 10.15.20.2'
        @($leases | Where-Object IPAddress -LT 10.15.20.10).Count | Should -Be 2
        $leases[0].IPAddress | Should -Be ([ipaddress] "$($leases[0].IPAddress)")
        $plain = [pscustomobject] @{ IPAddress = [ipaddress] "$($leases[0].IPAddress)" }
        $leases[0] | Select-Object IPAddress | ConvertTo-Csv | Should -Be ($plain | ConvertTo-Csv)
        ($leases[0] | Select-Object IPAddress | ConvertTo-Json | ConvertFrom-Json).IPAddress.IPAddressToString | Should -Be "$($leases[0].IPAddress)"
        [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($leases[0].IPAddress)) |
            Should -BeOfType ipaddress
        "$(Get-CniLease -Available | Sort-Object -Descending | Select-Object -Last 1)" | Should -BeLike '10.15.20.3-*'
        $prefixes = '10.0.0.10/24', 'fd00::1/64', '10.0.0.2/24', '9.0.0.1/8', '10.0.0.2/16' | ForEach-Object { [CniPS.Linux.Route.IpPrefix]::Parse($_) }
        "$($prefixes | Sort-Object)" | Should -Be '9.0.0.1/8 10.0.0.2/16 10.0.0.2/24 10.0.0.10/24 fd00::1/64'
        ($plan.Steps | Sort-Object -Descending | Sort-Object).Number | Should -Be (1..$plan.Steps.Count)
    }
}
