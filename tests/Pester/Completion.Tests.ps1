BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/10-mybridge.conflist (Get-BridgeList 1.0.0)
    Set-Content /etc/cni/net.d/99-broken.conflist '{'
    $null = New-CniNamespace 'blue', 'green', 'two words', '007'
    New-CniNetwork elsewhere 10.9.0.0/24 -Bridge b9 | Add-CniAttachment -Namespace blue -ContainerId c-blue -Interface net9 | Out-Null
    $null = Add-CniAttachment mybridge green
}

Describe 'Tab' {
    It 'completes <Line> with <Expected>' -ForEach @(
        @{ Line = 'Add-CniAttachment -Network my'; Expected = 'mybridge' }
        @{ Line = 'Add-CniAttachment m'; Expected = 'mybridge' }
        @{ Line = 'Remove-CniAttachment -Network '; Expected = 'elsewhere', 'mybridge' }
        @{ Line = 'Get-CniAttachment ELSE'; Expected = 'elsewhere' }
        @{ Line = 'Get-CniNetwork m'; Expected = 'mybridge' }
        @{ Line = 'Add-CniAttachment mybridge b'; Expected = 'blue' }
        @{ Line = 'Add-CniAttachment mybridge -Namespace '; Expected = '007', 'blue', 'green', '''two words''' }
        @{ Line = 'Add-CniAttachment mybridge -NetNS two'; Expected = '''two words''' }
        @{ Line = 'Add-CniAttachment mybridge ''two'; Expected = '''two words''' }
        @{ Line = 'Invoke-CniCommand g'; Expected = 'green' }
        @{ Line = 'Remove-CniNamespace g'; Expected = 'green' }
        @{ Line = 'Get-CniNamespace b'; Expected = 'blue' }
        @{ Line = 'Remove-CniAttachment elsewhere -ContainerId '; Expected = 'c-blue' }
        @{ Line = 'Remove-CniAttachment mybridge -ContainerId '; Expected = 'green' }
        @{ Line = 'Get-CniResult -ContainerId c'; Expected = 'c-blue' }
        @{ Line = 'Test-CniAttachment elsewhere -ContainerId c-blue -Interface '; Expected = 'net9' }
        @{ Line = 'Test-CniAttachment -IfName '; Expected = 'eth0', 'net9' }
        @{ Line = 'Add-CniAttachment -PluginSource N'; Expected = 'Native', 'NativeFirst' }
        @{ Line = 'New-CniNetwork a -Capability i'; Expected = 'ipRanges', 'ips' }
        @{ Line = 'Get-CniTrace -Plugin host-'; Expected = 'host-device', 'host-local' }
        @{ Line = 'Get-CniResult mybridge -CniVersion 0.3'; Expected = '''0.3.0''', '''0.3.1''' }
    ) {
        @((Complete $Line).CompletionText) | Should -Be @($Expected)
    }

    It 'says what each is' {
        (Complete 'Add-CniAttachment -Network my').ToolTip | Should -Be 'bridge 10.15.20.0/24 (/etc/cni/net.d/10-mybridge.conflist)'
        (Complete 'Add-CniAttachment x -Namespace b').ToolTip | Should -Be '/run/netns/blue'
        (Complete 'Get-CniResult -ContainerId c').ToolTip | Should -Be 'elsewhere, net9 in blue'
    }

    It 'says something of every value that a completer of ours offers, and each has something to offer' {
        $completers = [CniPS.CniNetwork].Assembly.GetExportedTypes() |
            Where-Object { -not $_.IsAbstract -and [Management.Automation.IArgumentCompleter].IsAssignableFrom($_) }
        $completers.Count | Should -BeGreaterThan 6
        foreach ($completer in $completers) {
            # A network's plugins and addresses are offered only where a network is given.
            $given = $completer.Name -in 'NetworkPluginCompleter', 'FreeAddressCompleter' ? @{ Network = '/etc/cni/net.d/10-mybridge.conflist' } : @{}
            $offers = @([Activator]::CreateInstance($completer).CompleteArgument('', '', '', $null, $given))
            $offers | Should -Not -BeNullOrEmpty -Because $completer.Name
            foreach ($offer in $offers) {
                $offer.ToolTip.Trim() | Should -Not -BeIn '', $offer.CompletionText, $offer.ListItemText -Because "$($completer.Name): $($offer.ListItemText)"
            }
        }
    }

    It 'offers every version of the specification where one is asked for' {
        # Attributes take constants only, so each of these lists is written out; none may fall behind.
        $parameters = @((Get-Command -Module CniPS).Parameters.Values | Where-Object Name -EQ CniVersion)
        $parameters.Count | Should -BeGreaterOrEqual 4
        foreach ($parameter in $parameters) {
            ($parameter.Attributes | Where-Object { $_ -is [ValidateSet] }).ValidValues | Should -Be ([CniPS.Spec.CniVersion]::All)
        }
    }

    It 'completes files' {
        Set-Location /etc/cni/net.d
        (Complete 'Add-CniAttachment ./10').CompletionText | Should -Be './10-mybridge.conflist'
    }

    It 'knows the members of what comes out' {
        (Complete 'Add-CniAttachment a b | Select-Object -Property HostI').CompletionText | Should -Be 'HostInterface'
        (Complete '(Get-CniNetwork).IsDef').CompletionText | Should -Be 'IsDefault'
    }

    It 'is quick, and silent about what it can''t read' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        1..20 | ForEach-Object { $null = Complete 'Remove-CniAttachment elsewhere -ContainerId ' }
        $watch.Elapsed.TotalMilliseconds / 20 | Should -BeLessThan 50
        $before = $Error.Count
        $null = Complete 'Get-CniAttachment -CachePath /proc/1/root/nowhere -ContainerId '
        $Error.Count | Should -Be $before
    }
}
