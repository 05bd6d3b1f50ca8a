BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Pipelines' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    }

    It 'go from namespaces to attachments and back' {
        $attachments = New-CniNamespace a, b, c | Add-CniAttachment -Network mybridge
        $attachments.ContainerId | Should -Be 'a', 'b', 'c'
        [string[]] $attachments.IPAddress | Should -Be '10.15.20.2', '10.15.20.3', '10.15.20.4'
        Get-CniAttachment | Test-CniAttachment | Should -Be $true, $true, $true
        Get-CniAttachment | Get-CniResult | Should -BeOfType CniPS.CniAddResult
        Get-CniAttachment | Where-Object ContainerId -NE b | Remove-CniAttachment
        (Get-CniAttachment).ContainerId | Should -Be 'b'
        Get-CniAttachment | Remove-CniAttachment -PassThru | Remove-CniNamespace
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-CniNamespace | ForEach-Object Name | Should -Be 'a', 'c'
    }

    It 'take names' {
        $null = New-CniNamespace a, b
        ('a', 'b' | Add-CniAttachment mybridge).ContainerId | Should -Be 'a', 'b'
        'a', 'b' | Test-CniAttachment mybridge | Should -Be $true, $true
        ('a', 'b' | Get-CniResult mybridge).Count | Should -Be 2
        'a', 'b' | Remove-CniAttachment mybridge
        'a', 'b' | Remove-CniNamespace
        Get-CniNamespace | Should -BeNullOrEmpty
    }

    It 'take networks' {
        $null = New-CniNamespace a
        $networks = (New-CniNetwork one 10.1.0.0/24 -Bridge b1), (New-CniNetwork two 10.2.0.0/24 -Bridge b2)
        $added = $networks[0] | Add-CniAttachment -Namespace a -Interface e1
        $added.Network | Should -Be 'one'
        $networks[1] | Add-CniAttachment -Namespace a -Interface e2 | ForEach-Object IPAddress | Should -Be '10.2.0.2'
        $networks[0] | Test-CniAttachment -ContainerId a -Interface e1 | Should -BeTrue
        $networks[0] | Remove-CniAttachment -Namespace a -Interface e1
        Get-CniAttachment | ForEach-Object Network | Should -Be 'two'
        Get-CniNetwork | Add-CniAttachment -Namespace a | ForEach-Object Network | Should -Be 'mybridge'
        Get-CniAttachment | Remove-CniAttachment
    }

    It 'go on past an item that fails' {
        $null = New-CniNamespace a, c
        $add = Invoke-Recorded { 'a', 'b', 'c' | Add-CniAttachment mybridge }
        $add.Output.ContainerId | Should -Be 'a', 'c'
        $add.Errors.Count | Should -Be 1
        $add.Errors[0].TargetObject | Should -Be '/run/netns/b'
        Get-CniAttachment | Remove-CniAttachment
    }

    It 'don''t take one thing for another' {
        $null = New-CniNamespace a
        foreach ($command in { Get-CniNamespace | Add-CniAttachment }, { Get-CniNetwork | Add-CniAttachment }, { Get-Date | Add-CniAttachment mybridge }) {
            (Invoke-Recorded $command).Errors[0].FullyQualifiedErrorId |
                Should -BeLike 'InputObject*,CniPS.Commands.AddCniAttachmentCommand' -Because $command
        }
    }

    It 'emit as they go' {
        $null = New-CniNamespace a, b
        'a', 'b' | Add-CniAttachment mybridge | Select-Object -First 1 | ForEach-Object ContainerId | Should -Be 'a'
        (Get-CniAttachment).ContainerId | Should -Be 'a'
        Remove-CniAttachment mybridge a
    }

    It 'take rows of a CSV file' {
        $attachments = New-CniNamespace a, b | Add-CniAttachment -Network mybridge -Interface eth7
        $attachments | Export-Csv $TestDrive/a.csv
        Import-Csv $TestDrive/a.csv | Test-CniAttachment | Should -Be $true, $true
        Import-Csv $TestDrive/a.csv | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
        Import-Csv $TestDrive/a.csv | Add-CniAttachment | ForEach-Object Interface | Should -Be 'eth7', 'eth7'
        @'
Network,Namespace,ContainerId,Interface
mybridge,a,a,eth7
mybridge,b,b,eth7
'@ | ConvertFrom-Csv | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-CniNamespace | Select-Object * | ConvertTo-Csv | ConvertFrom-Csv | Add-CniAttachment -Network mybridge | ForEach-Object ContainerId |
            Should -Be 'a', 'b'
        Get-CniAttachment | Remove-CniAttachment
    }

    It 'take objects that came back from elsewhere' {
        New-CniNamespace a, b | Export-Clixml $TestDrive/ns.xml
        New-CniNetwork elsewhere 10.7.0.0/24 -Bridge b7 | Export-Clixml $TestDrive/net.xml
        $attachments = Import-Clixml $TestDrive/ns.xml | Add-CniAttachment -Network (Import-Clixml $TestDrive/net.xml)
        $attachments.Network | Should -Be 'elsewhere', 'elsewhere'
        $attachments.Namespace | Should -Be 'a', 'b'
        $attachments | Export-Clixml $TestDrive/att.xml
        $back = Import-Clixml $TestDrive/att.xml
        $back[0].PSObject.TypeNames | Should -Contain 'Deserialized.CniPS.CniAttachment'
        [string] $back[0].IPAddress | Should -Be '10.7.0.2'
        [string] $back[0].Result.Ips[0].Address | Should -Be '10.7.0.2/24'
        $back | Test-CniAttachment | Should -Be $true, $true
        $back | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
        Import-Clixml $TestDrive/net.xml | Add-CniAttachment -Namespace a | ForEach-Object Network | Should -Be 'elsewhere'
        Get-CniAttachment | Remove-CniAttachment
    }

    It 'come back from another process as they were' {
        $network = New-CniNetwork mybridge -Subnet 10.15.20.0/24 -Bridge mybr0 -PortMapping
        Set-Content $TestDrive/sent.conflist $network.Json
        $null = New-CniNamespace a
        $script = {
            Import-Module $using:Manifest
            $given = @{ IPAddress = '10.15.20.77'; MacAddress = '02:00:00:00:00:4d'; PortMapping = '8080:80/tcp', '5353:53/udp'; CniArgs = 'K8S_POD_NAME=web' }
            Add-CniAttachment "$using:TestDrive/sent.conflist" a -Interface net3 -CapabilityArgs @{ bandwidth = @{ ingressRate = 1000 } } @given
        }
        $sent = Start-Job $script | Receive-Job -Wait -AutoRemoveJob
        $sent.PSObject.TypeNames | Should -Contain 'Deserialized.CniPS.CniAttachment'
        $sent | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
        $again = $sent | Add-CniAttachment "$TestDrive/sent.conflist"
        foreach ($property in 'ContainerId', 'NetNS', 'Interface', 'IPAddress', 'Prefix', 'Mac', 'PortMapping', 'CniArgs', 'PodName', 'CapabilityArgs') {
            "$($again.$property)" | Should -Be "$($sent.$property)" -Because $property
            "$($again.$property)" | Should -Not -BeNullOrEmpty -Because $property
        }
        (Get-Address net3 a) | Should -Contain '10.15.20.77/24'
        $again | Remove-CniAttachment
    }

    It 'take objects of a job, as of another machine' {
        $null = New-CniNamespace a
        $job = Start-Job { Import-Module $using:Manifest; Add-CniAttachment mybridge a }
        $attachment = $job | Receive-Job -Wait -AutoRemoveJob
        $attachment.PSObject.TypeNames | Should -Contain 'Deserialized.CniPS.CniAttachment'
        $attachment | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
    }

    It 'are compared with names here and there' {
        $null = New-CniNamespace a
        Add-CniAttachment mybridge a | Export-Clixml $TestDrive/state.xml
        @(Import-Clixml $TestDrive/state.xml | Where-Object State -EQ Alive).Count | Should -Be 1
        @(Import-Clixml $TestDrive/state.xml | Where-Object State -NE Alive).Count | Should -Be 0
        Get-CniAttachment | Remove-CniAttachment

        # And so is every property with names for values, of all that is put out: it is a text to begin with, as JSON would make it a number.
        $types = (Get-Command -Module CniPS).OutputType.Type | Where-Object Namespace -EQ 'CniPS'
        @($types.GetProperties().PropertyType | Where-Object IsEnum) | Should -BeNullOrEmpty
    }

    It 'show what was removed as it was' {
        $null = New-CniNamespace a
        $added = Add-CniAttachment mybridge a
        (Get-Item /var/lib/cni/results/mybridge-a-eth0).LastWriteTime = Get-Date '2024-02-29T12:00:00'
        $removed = Get-CniAttachment | Remove-CniAttachment -PassThru
        $removed.Created | Should -Be (Get-Date '2024-02-29T12:00:00')
        $removed.State | Should -Be 'InterfaceGone'
        $removed.IPAddress | Should -Be $added.IPAddress
    }

    It 'pass over a broken cache file with a warning, once' {
        $null = New-CniNamespace a, b | Add-CniAttachment -Network mybridge
        Set-Content /var/lib/cni/results/mybridge-a-eth0 '{"kind":'
        Set-Content /var/lib/cni/results/other-x-eth0 '{"cniVersion":"1.0.0"}'
        (Get-CniAttachment -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop).ContainerId | Should -Be 'b'
        $warnings | ForEach-Object ToString | Should -Be @(
            'The cache file /var/lib/cni/results/mybridge-a-eth0 is passed over: it is no cached result.'
            'The cache file /var/lib/cni/results/other-x-eth0 is passed over: it is no cached result.')
        $null = Get-CniNamespace | Get-CniAttachment -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 2
        Remove-Item /var/lib/cni/results/*-*
        Get-CniAttachment -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'carry the cache with them' {
        $null = New-CniNamespace a
        Add-CniAttachment mybridge a -CachePath $TestDrive/cache | ForEach-Object CachePath | Should -Be "$TestDrive/cache"
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-CniAttachment -CachePath $TestDrive/cache | Remove-CniAttachment
        Get-CniAttachment -CachePath $TestDrive/cache | Should -BeNullOrEmpty
        (Get-Link a).ifname | Should -Be 'lo'
    }

    It 'sort' {
        $null = New-CniNamespace b, a | Add-CniAttachment -Network mybridge
        (Get-CniAttachment | Sort-Object).ContainerId | Should -Be 'a', 'b'
        Get-CniAttachment | Sort-Object -Descending | Select-Object -First 1 | ForEach-Object ToString | Should -Be 'mybridge/b/eth0'
        Get-CniAttachment | Remove-CniAttachment
    }
}

Describe 'A long pipeline' {
    BeforeAll {
        Clear-Machine

        # What a script writes to the progress stream.
        function Get-Progress([string] $Script) {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$Manifest'; $Script").Invoke()
                @($shell.Streams.Progress | Where-Object Activity -Like '*-Cni*')
            } finally {
                $shell.Dispose()
            }
        }
    }

    It 'says how far it is, and that it has ended' {
        $records = Get-Progress '1..4 | ForEach-Object { Start-Sleep -Milliseconds 500; "long$_" } | New-CniNamespace'
        $records.Count | Should -BeGreaterOrEqual 2
        $records[0].Activity | Should -Be 'New-CniNamespace'
        $records[0].StatusDescription | Should -Match '^\d of 4\b'
        $records[0].PercentComplete | Should -BeIn 25, 50, 75, 100
        $records[0].SecondsRemaining | Should -BeGreaterOrEqual 0
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'knows how long it is where it can, or is told' -ForEach @(
        @{ Script = '$names = "a1", "a2", "a3", "a4"; $names | ForEach-Object { Start-Sleep -Milliseconds 600; $_ } | New-CniNamespace'; Says = '^\d of 4\b' }
        @{ Script = '$CniProgressTotal = 9; "b1", "b2", "b3" | ForEach-Object { Start-Sleep -Milliseconds 600; $_ } | New-CniNamespace'; Says = '^\d of 9\b' }
        @{ Script = '1..3 | Where-Object { Start-Sleep -Milliseconds 600; $_ } | ForEach-Object { "c$_" } | New-CniNamespace'; Says = '^\d done\b' }
    ) {
        $records = @(Get-Progress $Script)
        $records[0].StatusDescription | Should -Match $Says
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'says which plugin is waited for' {
        Set-Content $TestDrive/slow "#!/bin/sh`nsleep 2`necho '{`"cniVersion`":`"1.0.0`"}'"
        chmod +x $TestDrive/slow
        $records = Get-Progress "`$null = New-CniNamespace waiting; New-CniNetwork slow -Plugin @{ type = 'slow' } | Add-CniAttachment -Namespace waiting -PluginPath $TestDrive"
        @($records | Where-Object CurrentOperation -Match '^ADD slow: \d+ s$').Count | Should -BeGreaterOrEqual 1
        ($records | Where-Object CurrentOperation)[0].StatusDescription | Should -Match 'waiting'
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'says that a native plugin is waited for' {
        $network = "New-CniNetwork lease -Plugin @{ type = 'bridge'; bridge = 'lease0'; ipam = @{ type = 'dhcp'; daemonSocketPath = '/run/nobody.sock' } }"
        $records = Get-Progress "`$null = New-CniNamespace leasing; `$null = Start-CniDhcpService /run/nobody.sock -Timeout 3; $network | Add-CniAttachment -Namespace leasing; Stop-CniDhcpService /run/nobody.sock"
        @($records | Where-Object CurrentOperation -Match '^ADD dhcp: \d+ s$').Count | Should -BeGreaterOrEqual 1
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'sums it up with -Verbose' {
        $lines = 'v1', 'v2', 'v2' | New-CniNamespace -Verbose -ErrorAction Ignore 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$($lines[-1])" | Should -Match '^New-CniNamespace: 3 items, 1 errors, [\d.]+ s, [\d.]+ ms each\.$'
        (Get-CniNamespace v1 -Verbose 4>&1 | Out-String) | Should -Not -Match 'items'
    }

    It 'says nothing where it is short, or where there is none' {
        Get-Progress '"short" | New-CniNamespace' | Should -BeNullOrEmpty
        Get-Progress 'Get-CniNamespace' | Should -BeNullOrEmpty
    }
}
