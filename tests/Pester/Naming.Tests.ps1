BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Networks' {
    BeforeEach {
        Clear-Machine
        Set-Location $TestDrive
        Set-Content $TestDrive/mine.conflist (Get-BridgeList 1.0.0 mine -Bridge b1)
        $null = New-CniNamespace box
    }

    It 'are files, relative to the session''s folder, in a drive or at home' {
        foreach ($file in './mine.conflist', 'mine.conflist', "$TestDrive/mine.conflist", 'TestDrive:/mine.conflist', (Get-Item ./mine.conflist)) {
            (Add-CniAttachment $file box).Network | Should -Be 'mine' -Because $file
            Remove-CniAttachment $file box
        }
        Set-Location /
        (Invoke-Recorded { Add-CniAttachment ./mine.conflist box }).Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'are names in the folder of NETCONFPATH' {
        $env:NETCONFPATH = $TestDrive
        try {
            (Add-CniAttachment mine box).Network | Should -Be 'mine'
            (Get-CniNetwork mine).Path | Should -Be "$TestDrive/mine.conflist"
            Remove-CniAttachment mine box
        } finally {
            Remove-Item Env:NETCONFPATH
        }
    }

    It 'are found by name in the cache where the file is elsewhere or gone' {
        $null = Add-CniAttachment ./mine.conflist box
        Remove-Item ./mine.conflist
        Test-CniAttachment mine box | Should -BeTrue
        (Get-CniResult mine box).CniVersion | Should -Be '1.0.0'
        (Get-CniAttachment mine).ContainerId | Should -Be 'box'
        Remove-CniAttachment mine box -ErrorAction Stop
        (Get-Link box).ifname | Should -Be 'lo'
        $again = Invoke-Recorded { Remove-CniAttachment mine box }
        $again.Errors | Should -BeNullOrEmpty -Because 'nothing is attached, so there is nothing to say'
    }

    It 'of a name that is wrong are not passed over in silence' {
        $null = Add-CniAttachment ./mine.conflist box
        (Invoke-Recorded { Remove-CniAttachment mien box }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniNo*,CniPS.Commands.RemoveCniAttachmentCommand'
        (Invoke-Recorded { Test-CniAttachment mien box }).Errors.Count | Should -Be 1
        Remove-CniAttachment mine box
    }

    It 'may be called by a number' {
        $null = New-CniNetwork 10 10.3.0.0/24 -Bridge b3 -OutFile /etc/cni/net.d/10.conflist
        (Add-CniAttachment 10 box).Network | Should -Be '10'
        Remove-CniAttachment 10 box
    }

    It 'are case-sensitive where something changes' {
        Copy-Item ./mine.conflist /etc/cni/net.d
        (Invoke-Recorded { Add-CniAttachment MINE box }).Errors.Count | Should -Be 1
        (Get-CniNetwork M*).Name | Should -Be 'mine'
    }
}

Describe 'Namespaces' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    }

    It 'are names, paths and objects' {
        $box = New-CniNamespace box
        Set-Location /run/netns
        foreach ($ns in 'box', '/run/netns/box', '/var/run/netns/box', './box', $box) {
            $attachment = Add-CniAttachment mybridge $ns
            $attachment.ContainerId | Should -Be 'box'
            $attachment.Namespace | Should -Be 'box'
            $attachment | Remove-CniAttachment
        }
    }

    It 'are processes' {
        $process = Start-Process unshare '--net', 'sleep', '60' -PassThru
        try {
            while ((Get-Item "/proc/$($process.Id)/ns/net").Target -eq (Get-Item /proc/self/ns/net).Target) { Start-Sleep -Milliseconds 10 }
            $id = 'cnitool-' + [Convert]::ToHexString([Security.Cryptography.SHA512]::HashData(
                    [Text.Encoding]::UTF8.GetBytes("/proc/$($process.Id)/ns/net"))).Substring(0, 20).ToLowerInvariant()
            foreach ($ns in $process.Id, [string] $process.Id, $process) {
                $attachment = Add-CniAttachment mybridge $ns
                $attachment.NetNS | Should -Be "/proc/$($process.Id)/ns/net"
                $attachment.ContainerId | Should -Be $id
                Get-CniAttachment | Remove-CniAttachment -ErrorAction Stop
            }
        } finally {
            $process.Kill()
        }
    }

    It 'of a name that is a number go before processes' {
        $null = New-CniNamespace $PID
        $attachment = Add-CniAttachment mybridge $PID
        $attachment.NetNS | Should -Be "/run/netns/$PID"
        $attachment | Remove-CniAttachment
        $null = New-CniNamespace 007
        (Add-CniAttachment mybridge 007).NetNS | Should -Be '/run/netns/007'
        Remove-CniAttachment mybridge 007
    }

    It 'that are gone don''t keep an attachment from being removed' {
        $null = New-CniNamespace 4711, named | Add-CniAttachment -Network mybridge
        Remove-CniNamespace 4711, named
        (Get-CniAttachment).State | Should -Be 'NamespaceGone', 'NamespaceGone'
        Get-CniAttachment | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-Lease mybridge | Should -BeNullOrEmpty
    }
}

Describe 'What is asked for beyond the network' {
    BeforeEach {
        Clear-Machine
        $null = New-CniNamespace box
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNetwork declared 10.16.0.0/24 -Bridge b16 -Capability ips, mac -OutFile /etc/cni/net.d/declared.conflist
    }

    It 'goes as CNI_ARGS' {
        $attachment = Add-CniAttachment mybridge box -IPAddress 10.15.20.77 -MacAddress 0a:58:0a:0f:14:4d
        $attachment.IPAddress | Should -Be '10.15.20.77'
        (Get-Link box | Where-Object ifname -EQ eth0).address | Should -Be '0a:58:0a:0f:14:4d'
        $cache = Get-Content /var/lib/cni/results/mybridge-box-eth0 | ConvertFrom-Json
        $cache.cniArgs | ForEach-Object { $_ -join '=' } | Should -Be 'IgnoreUnknown=1', 'IP=10.15.20.77', 'MAC=0a:58:0a:0f:14:4d'
        Test-CniAttachment mybridge box | Should -BeTrue
        $attachment | Remove-CniAttachment
    }

    It 'goes as capabilities where they are declared' {
        $attachment = Add-CniAttachment declared box -IPAddress 10.16.0.77 -MacAddress 0a:58:0a:10:00:4d
        $attachment.IPAddress | Should -Be '10.16.0.77'
        $attachment.Mac | Should -Be '0a:58:0a:10:00:4d'
        $cache = Get-Content /var/lib/cni/results/declared-box-eth0 | ConvertFrom-Json
        $cache.cniArgs | Should -BeNullOrEmpty
        $cache.capabilityArgs.ips | Should -Be '10.16.0.77'
        $attachment | Remove-CniAttachment
    }

    It 'can be written as CNI_ARGS and capability arguments too' {
        $null = New-CniNamespace two
        (Add-CniAttachment mybridge box -Interface e1 -CniArgs 'IP=10.15.20.50').IPAddress | Should -Be '10.15.20.50'
        (Add-CniAttachment mybridge two -Interface e2 -CniArgs @{ IP = '10.15.20.51'; IgnoreUnknown = $true }).IPAddress | Should -Be '10.15.20.51'
        (Add-CniAttachment declared box -Interface e3 -CapabilityArgs @{ ips = @('10.16.0.50') }).IPAddress | Should -Be '10.16.0.50'
        (Add-CniAttachment declared box -Interface e4 -CapabilityArgs ('{"ips":["10.16.0.51"]}' | ConvertFrom-Json)).IPAddress | Should -Be '10.16.0.51'
        Get-CniAttachment | Remove-CniAttachment
    }

    It 'keeps every kind of value' {
        $null = Add-CniAttachment declared box -CapabilityArgs ([ordered] @{
                text = "quote ' and `u{e4}"; yes = $true; big = [long]::MaxValue; real = 1.5; none = $null
                list = @(1, 'two', @{ three = @{ four = 4 } }); address = [ipaddress] '10.0.0.1'
            })
        $json = (Get-Content /var/lib/cni/results/declared-box-eth0 | ConvertFrom-Json).capabilityArgs
        $json.text | Should -Be "quote ' and `u{e4}"
        $json.yes | Should -BeTrue
        $json.big | Should -Be 9223372036854775807
        $json.real | Should -Be 1.5
        $json.none | Should -BeNullOrEmpty
        $json.list[2].three.four | Should -Be 4
        $json.address | Should -Be '10.0.0.1'
        Remove-CniAttachment declared box
    }

    It 'is refused where it makes no sense' {
        $cases = @(
            @{ Id = 'CniCapabilityNotDeclared'; Command = { Add-CniAttachment mybridge box -PortMapping 8080:80 } }
            @{ Id = 'CniCapabilityNotDeclared'; Command = { Add-CniAttachment mybridge box -IPAddress 10.15.20.8, 10.15.20.9 } }
            @{ Id = 'CniInvalidArgs'; Command = { Add-CniAttachment mybridge box -IPAddress ten } }
            @{ Id = 'CniInvalidArgs'; Command = { Add-CniAttachment mybridge box -MacAddress 01:00:5e:00:00:01 } }
            @{ Id = 'CniInvalidArgs'; Command = { Add-CniAttachment declared box -IPAddress 10.16.0.9 -CapabilityArgs @{ ips = @('10.16.0.8') } } }
            @{ Id = 'ParameterArgumentTransformationError'; Command = { Add-CniAttachment mybridge box -CniArgs 'K' } }
            @{ Id = 'ParameterArgumentTransformationError'; Command = { Add-CniAttachment mybridge box -CniArgs @{ K = 'a;b' } } }
            @{ Id = 'CannotConvertArgumentNoMessage'; Command = { Add-CniAttachment mybridge box -PortMapping 80 } }
            @{ Id = 'CniInvalidArgs'; Command = { Add-CniAttachment mybridge box -Timeout 0 } }
        )
        foreach ($case in $cases) {
            $add = Invoke-Recorded $case.Command
            $add.Errors[0].FullyQualifiedErrorId | Should -Be "$($case.Id),CniPS.Commands.AddCniAttachmentCommand" -Because $case.Command
        }
        Get-CniAttachment | Should -BeNullOrEmpty
    }
}
