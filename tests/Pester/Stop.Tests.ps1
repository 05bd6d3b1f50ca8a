BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Runs a command in a runspace of its own, stops it once a file is there, and says how long stopping took.
    function Measure-Stop([string] $Command, [string] $WaitFor) {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$Manifest'; $Command")
            $running = $shell.BeginInvoke()
            while (-not (Test-Path $WaitFor) -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 10 }
            $running.IsCompleted | Should -BeFalse
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            [pscustomobject] @{ Seconds = $watch.Elapsed.TotalSeconds; State = $shell.InvocationStateInfo.State; Errors = @($shell.Streams.Error) }
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Ctrl+C' {
    BeforeEach {
        Clear-Machine
        $null = New-CniNamespace box
        Remove-Item $TestDrive/* -Recurse
        Set-Content $TestDrive/hang @"
#!/bin/sh
echo `$CNI_COMMAND >> $TestDrive/calls
case `$CNI_COMMAND in `$(cat $TestDrive/hangs)) echo `$`$ > $TestDrive/pid; touch $TestDrive/started; exec sleep 60;; esac
cat
"@
        chmod +x $TestDrive/hang
        Set-Content /etc/cni/net.d/slow.conflist (Get-BridgeList 1.0.0 slow -More ',{"type":"hang"}')
    }

    It 'stops an ADD within a second, and nothing is left of it' {
        Set-Content $TestDrive/hangs ADD
        $stop = Measure-Stop "Add-CniAttachment slow box -PluginPath $TestDrive" $TestDrive/started
        $stop.State | Should -Be 'Stopped'
        $stop.Seconds | Should -BeLessThan 1
        $stop.Errors | Should -BeNullOrEmpty
        Test-Path "/proc/$(Get-Content $TestDrive/pid)" | Should -BeFalse
        Get-Content $TestDrive/calls | Should -Be 'ADD', 'DEL'
        (Get-Link box).ifname | Should -Be 'lo'
        (Get-Link).ifname | Should -Be 'lo'
        Get-Lease slow | Should -BeNullOrEmpty
        Get-CacheFile | Should -BeNullOrEmpty
        Get-Rule 10.15.20.2 | Should -BeNullOrEmpty
        Get-ChildItem /var/lib/cni/cnips/intents -ErrorAction Ignore | Where-Object Length -GT 0 | Should -BeNullOrEmpty
    }

    It 'stops a DEL, which can be finished later' {
        Set-Content $TestDrive/hangs NONE
        (Get-Content $TestDrive/hang -Raw) -replace '\ncat\n', "`n[ `$CNI_COMMAND = ADD ] && jq -c .prevResult || true`n" | Set-Content $TestDrive/hang
        $null = Add-CniAttachment slow box -PluginPath $TestDrive
        Set-Content $TestDrive/hangs DEL
        $stop = Measure-Stop "Remove-CniAttachment slow box -PluginPath $TestDrive" $TestDrive/started
        $stop.Seconds | Should -BeLessThan 1
        Set-Content $TestDrive/hangs NONE
        Remove-CniAttachment slow box -PluginPath $TestDrive -ErrorAction Stop
        (Get-Link box).ifname | Should -Be 'lo'
        Get-Lease slow | Should -BeNullOrEmpty
        Get-CacheFile | Should -BeNullOrEmpty
    }

    It 'stops a command in a namespace' {
        Set-Content $TestDrive/run "echo `$`$ > $TestDrive/pid; touch $TestDrive/started; exec sleep 60"
        $stop = Measure-Stop "Invoke-CniCommand box -- sh $TestDrive/run" $TestDrive/started
        $stop.Seconds | Should -BeLessThan 1
        Test-Path "/proc/$(Get-Content $TestDrive/pid)" | Should -BeFalse
    }
}
