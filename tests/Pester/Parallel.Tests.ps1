BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Those that announce an address are on their way home: they get five seconds.
    function Get-ForeignThread {
        $own = (Get-Item /proc/self/ns/net).Target
        for ($i = 0; $i -lt 50; $i++) {
            $abroad = Get-ChildItem /proc/$PID/task -Name | Where-Object {
                $target = (Get-Item "/proc/$PID/task/$_/ns/net" -ErrorAction Ignore).Target
                $target -and $target -ne $own
            }
            if (-not $abroad) { return }
            Start-Sleep -Milliseconds 100
        }
        $abroad
    }
}

Describe 'Sixteen runspaces' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    }

    It 'attach to one new bridge, while some of them fail' {
        $names = 1..16 | ForEach-Object { "c$_" }
        $null = New-CniNamespace $names
        foreach ($name in 'c4', 'c8', 'c12') { ip -n $name link add eth0 type bridge }
        $results = $names | ForEach-Object -ThrottleLimit 16 -Parallel {
            Import-Module $using:Manifest
            $failure = $null
            $attachment = Add-CniAttachment mybridge $_ -ErrorVariable failure -ErrorAction SilentlyContinue
            [pscustomobject] @{ Name = $_; IPAddress = [string] $attachment.IPAddress; Failure = $failure ? $failure[0].FullyQualifiedErrorId : $null }
        }
        ($results | Where-Object Failure | Sort-Object Name).Name | Should -Be 'c12', 'c4', 'c8'
        $good = $results | Where-Object { -not $_.Failure }
        @($good.IPAddress | Sort-Object -Unique).Count | Should -Be 13
        @(Get-Lease mybridge).Count | Should -Be 13
        foreach ($one in $good) {
            Invoke-CniCommand $one.Name -- ping -c 1 -W 2 10.15.20.1 | Out-Null
            $LASTEXITCODE | Should -Be 0 -Because "$($one.Name) must reach the gateway"
        }
        Get-ForeignThread | Should -BeNullOrEmpty
        Get-CniAttachment | ForEach-Object -ThrottleLimit 16 -Parallel { Import-Module $using:Manifest; $_ | Remove-CniAttachment -ErrorAction Stop }
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-Lease mybridge | Should -BeNullOrEmpty
        (Get-Link).ifname | Should -Be 'lo', 'cni_bridge0'
    }

    It 'add and remove again and again, without a thread in a foreign namespace' {
        1..16 | ForEach-Object -ThrottleLimit 16 -Parallel {
            Import-Module $using:Manifest
            $name = "s$_"
            $null = New-CniNamespace $name
            for ($i = 0; $i -lt 20; $i++) {
                Add-CniAttachment mybridge $name -ErrorAction Stop | Remove-CniAttachment -ErrorAction Stop
            }
            Remove-CniNamespace $name
        }
        Get-ForeignThread | Should -BeNullOrEmpty
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-Lease mybridge | Should -BeNullOrEmpty
        Get-CniNamespace | Should -BeNullOrEmpty
    }

    It 'of which only one gets the same attachment' {
        $null = New-CniNamespace box
        $results = 1..16 | ForEach-Object -ThrottleLimit 16 -Parallel {
            Import-Module $using:Manifest
            try { Add-CniAttachment mybridge box -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
        }
        @($results | Where-Object { $_ -is [CniPS.CniAttachment] }).Count | Should -Be 1
        $results | Where-Object { $_ -is [string] } | Select-Object -Unique | Should -Be 'CniAttachmentExists,CniPS.Commands.AddCniAttachmentCommand'
        Remove-CniAttachment mybridge box
    }

    It 'go on when the module is removed from another' {
        $null = New-CniNamespace box
        $null = New-CniNetwork plain 10.5.0.0/24 -OutFile /etc/cni/net.d/plain.conflist
        1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:Manifest
            for ($i = 0; $i -lt 10; $i++) {
                Add-CniAttachment plain box -Interface "e$_" -ErrorAction Stop | Remove-CniAttachment -ErrorAction Stop
                Remove-Module CniPS
                Import-Module $using:Manifest
            }
        }
        Get-CniAttachment | Should -BeNullOrEmpty
    }
}
