BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'A list with programs in it' {
    BeforeAll {
        $missing = @('bridge', 'host-local', 'tuning', 'portmap' | Where-Object { -not (Test-Path "/usr/lib/cni/$_") })
        # Under names that no native plugin has.
        $programs = (New-Item -ItemType Directory $TestDrive/programs).FullName
        foreach ($plugin in 'tuning', 'portmap') {
            $null = New-Item -ItemType SymbolicLink "$programs/go-$plugin" -Value "/usr/lib/cni/$plugin"
        }
        $list = Get-BridgeList 1.0.0 chain -More (
            ',{"type":"go-tuning","sysctl":{"net.core.somaxconn":"500"}},{"type":"go-portmap","capabilities":{"portMappings":true}}')
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because "the Go programs $($missing -join ', ') are not in /usr/lib/cni" }
        Clear-Machine
        Set-Content /etc/cni/net.d/chain.conflist $list
        $null = New-CniNamespace web
    }

    It 'runs them behind the native bridge, with capability arguments and the result before' {
        $attachment = Add-CniAttachment chain web -PluginPath $programs -CapabilityArgs @{
            portMappings = @(@{ hostPort = 8080; containerPort = 80; protocol = 'tcp' })
        }
        $attachment.IPAddress | Should -Be '10.15.20.2'
        Invoke-CniCommand web -- sysctl -n net.core.somaxconn | Should -Be '500'
        (iptables-save -t nat) -match '--dport 8080 -j DNAT --to-destination 10\.15\.20\.2:80' | Should -Not -BeNullOrEmpty

        $cache = Get-Content /var/lib/cni/results/chain-web-eth0 | ConvertFrom-Json
        $cache.kind | Should -Be 'cniCacheV1'
        $cache.capabilityArgs.portMappings[0].hostPort | Should -Be 8080

        # Capability arguments come back from the cache.
        Remove-CniAttachment chain web -PluginPath $programs
        (iptables-save -t nat) -match '--dport 8080' | Should -BeNullOrEmpty
        (Get-Link web).ifname | Should -Be 'lo'
        Get-CacheFile | Should -BeNullOrEmpty
    }

    It 'asks them as well whether all is well' {
        Set-Content /etc/cni/net.d/chain.conflist (Get-BridgeList 1.0.0 chain -More ',{"type":"go-tuning","sysctl":{"net.core.somaxconn":"500"}}')
        $null = Add-CniAttachment chain web -PluginPath $programs
        Test-CniAttachment chain web -PluginPath $programs | Should -BeTrue
        Invoke-CniCommand web -- sysctl -qw net.core.somaxconn=400
        $test = Invoke-Recorded { Test-CniAttachment chain web -PluginPath $programs }
        $test.Errors[0].ToString() | Should -Match 'somaxconn'
        $test.Output | Should -Be @($false)
        Remove-CniAttachment chain web -PluginPath $programs
    }

    It 'takes ports in short' {
        $null = Add-CniAttachment chain web -PluginPath $programs -PortMapping '8080:80/tcp', '127.0.0.1:5353:53/udp'
        $rules = iptables-save -t nat
        $rules -match '--dport 8080 -j DNAT --to-destination 10\.15\.20\.2:80' | Should -Not -BeNullOrEmpty
        $rules -match '-d 127\.0\.0\.1/32 .*--dport 5353 -j DNAT --to-destination 10\.15\.20\.2:53' | Should -Not -BeNullOrEmpty
        Get-CniAttachment | Remove-CniAttachment -PluginPath $programs
        (iptables-save -t nat) -match 'to-destination' | Should -BeNullOrEmpty
    }

    It 'remembers in its output where the programs are' {
        Copy-Item $programs $TestDrive/plugins -Recurse
        $env:CNI_PATH = '/nowhere'
        try {
            Add-CniAttachment chain web -PluginPath $TestDrive/plugins | Remove-CniAttachment -ErrorAction Stop
            Get-CacheFile | Should -BeNullOrEmpty
        } finally {
            Remove-Item Env:CNI_PATH
        }
    }

    It 'finds them on CNI_PATH' {
        $env:CNI_PATH = "/nowhere:$programs"
        try {
            (Add-CniAttachment chain web).IPAddress | Should -Be '10.15.20.2'
            Remove-CniAttachment chain web
        } finally {
            Remove-Item Env:CNI_PATH
        }
    }

    It 'takes back what the ones before had done when one is missing' {
        $add = Invoke-Recorded { Add-CniAttachment chain web -PluginPath /nowhere }
        $add.Errors[0].FullyQualifiedErrorId | Should -Be 'CniPluginNotFound,CniPS.Commands.AddCniAttachmentCommand'
        $add.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Get-Link web).ifname | Should -Be 'lo'
        (Get-Link).ifname | Should -Be 'lo'
        Get-Lease chain | Should -BeNullOrEmpty
    }
}

Describe 'The Go bridge with its own host-local, and the native ones, on the same folder' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because "the Go programs $($missing -join ', ') are not in /usr/lib/cni" }
    }

    BeforeAll {
        $missing = @('bridge', 'host-local' | Where-Object { -not (Test-Path "/usr/lib/cni/$_") })
        Clear-Machine
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0 -Masquerade $false)
    }

    It 'never give an address twice' {
        $names = 1..10 | ForEach-Object { "c$_" }
        $attachments = foreach ($ns in New-CniNamespace $names) {
            $source = [int] $ns.Name.Substring(1) % 2 ? 'Path' : 'Native'
            $ns | Add-CniAttachment -Network mybridge -PluginSource $source
        }
        $attachments.Count | Should -Be 10
        @($attachments.IPAddress | ForEach-Object ToString | Sort-Object -Unique).Count | Should -Be 10
        @(Get-Lease mybridge).Count | Should -Be 10
        Invoke-CniCommand c1 -- ping -c 1 -W 2 $attachments[1].IPAddress | Out-Null
        $LASTEXITCODE | Should -Be 0

        # Each removes what the other has made.
        foreach ($attachment in $attachments) {
            $source = [int] $attachment.ContainerId.Substring(1) % 2 ? 'Native' : 'Path'
            $attachment | Remove-CniAttachment -PluginSource $source -ErrorAction Stop
        }
        Get-Lease mybridge | Should -BeNullOrEmpty
        (Get-Link).ifname | Should -Be 'lo', 'cni_bridge0'
    }
}
