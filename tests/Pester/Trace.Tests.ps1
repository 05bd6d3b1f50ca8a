BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/traced.conflist (Get-BridgeList 1.0.0 traced)

    # A plugin of others beside a native one.
    New-Item -ItemType Directory $TestDrive/bin | Out-Null
    Set-Content $TestDrive/bin/echo-ip @'
#!/bin/sh
echo heard >&2
[ $CNI_COMMAND = ADD ] && echo '{"cniVersion":"1.0.0","ips":[{"address":"10.1.1.1/24"}]}'
exit 0
'@
    chmod +x $TestDrive/bin/echo-ip
    Set-Content /etc/cni/net.d/echoed.conflist '{"name":"echoed","cniVersion":"1.0.0","plugins":[{"type":"echo-ip"}]}'

    $null = New-CniNamespace box
    $null = Add-CniAttachment traced box
    $null = Add-CniAttachment echoed box -Interface eth1 -PluginPath $TestDrive/bin -WarningAction Ignore
}

Describe 'Get-CniTrace' {
    It 'shows each call, delegates below who called them' {
        $calls = @(Get-CniTrace traced)
        "$($calls | ForEach-Object { "$($_.Depth) $_" })" | Should -BeExactly '0 ADD bridge 1 ADD host-local 0 ADD runtime'
        $calls[0].Duration | Should -BeGreaterThan $calls[1].Duration
        $calls[0].ContainerId | Should -BeExactly box
        $calls[0].Namespace | Should -BeExactly box
    }

    It 'has the changes that a native plugin made, as commands' {
        $bridge = Get-CniTrace -Plugin bridge -Last 1
        $bridge.IsNative | Should -BeTrue
        $bridge.Program | Should -BeNullOrEmpty
        $bridge.Changes -match '^ip link add .*type bridge' | Should -HaveCount 1
        $bridge.Changes -match '^ip -n box addr(ess)? add 10\.15\.20\.2/24' | Should -HaveCount 1
        ($bridge.Stdout | ConvertFrom-Json).ips[0].address | Should -BeExactly '10.15.20.2/24'
        (Get-CniTrace -Plugin runtime -Network traced).Changes -match 'results/traced-box-eth0' | Should -Not -BeNullOrEmpty
    }

    It 'has what a program got and gave' {
        $call = Get-CniTrace -Plugin echo-ip -Last 1
        $call.Program | Should -BeExactly "$TestDrive/bin/echo-ip"
        $call.Environment | Should -Contain 'CNI_COMMAND=ADD'
        $call.Environment | Should -Contain "PATH=$env:PATH"
        ($call.Stdin | ConvertFrom-Json).name | Should -BeExactly echoed
        $call.Stdout | Should -BeLike '*10.1.1.1/24*'
        $call.Stderr.Trim() | Should -BeExactly heard
        $call.ExitStatus | Should -Be 0
    }

    It 'has what failed, why, and what was taken back' {
        Set-Content /etc/cni/net.d/untraced.conflist ((Get-BridgeList 1.0.0 untraced $false cni9) -replace '10\.15\.20\.1"', '7.7.7.7"')
        $null = New-CniNamespace third
        $null = Invoke-Recorded { Add-CniAttachment untraced third }
        $call = Get-CniTrace untraced -Plugin bridge
        $call.ExitStatus | Should -Be 1
        $call.Error | Should -BeLike '*via 7.7.7.7*'
        (Get-CniTrace untraced -Plugin runtime).Changes -match '^ip link del.* veth' | Should -Not -BeNullOrEmpty
    }

    It 'selects by network, container, plugin and number, and takes attachments' {
        @(Get-CniTrace echo*).Network | Select-Object -Unique | Should -BeExactly echoed
        (Invoke-Recorded { Get-CniTrace -ContainerId nobody }).Errors.FullyQualifiedErrorId | Should -BeLike 'CniAttachmentNotFound,*'
        @(Get-CniTrace -Last 2) | Should -HaveCount 2
        @(Get-CniTrace -Plugin 'host*', 'echo*' -Network traced, echoed).Plugin | Should -Be 'host-local', 'echo-ip'
        (Get-CniAttachment echoed | Get-CniTrace).Plugin | Should -Contain echo-ip
        { Get-CniTrace -Last 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'is the same for a plan: nothing' {
        $before = (Get-CniTrace -Last 1).Number
        $null = New-CniNamespace other
        Add-CniAttachment traced other -WhatIf
        (Get-CniTrace -Last 1).Number | Should -Be $before
    }

    It 'replays a program' {
        $command = Get-CniTrace -Plugin echo-ip -Last 1 -Replay
        $command | Should -BeOfType string
        sh -c $command 2> $null | Should -BeExactly '{"cniVersion":"1.0.0","ips":[{"address":"10.1.1.1/24"}]}'
    }

    It 'replays a native plugin as what the executable is under its name, and nothing for the runtime' {
        $commands = @(Get-CniTrace traced -Replay)
        $commands | Should -HaveCount 2
        $commands[0] | Should -Match "CNI_COMMAND=ADD .*cnips plugin bridge <<'CNI_STDIN'\n"
    }

    It 'passes the trace of an activity on to programs' {
        $activity = [Diagnostics.Activity]::new('runbook').SetIdFormat('W3C').Start()
        try {
            Remove-CniAttachment echoed box -Interface eth1 -PluginPath $TestDrive/bin -WarningAction Ignore
        } finally {
            $activity.Stop()
        }
        (Get-CniTrace -Plugin echo-ip -Last 1).Environment | Should -Contain "TRACEPARENT=$($activity.Id)"
    }
}
