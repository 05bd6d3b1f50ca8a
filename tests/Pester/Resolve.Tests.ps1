BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
    # A foreign veth first, so that indexes of both sides differ.
    $null = New-CniNamespace third
    ip link add foreign type veth peer name inner netns third
    $null = New-CniNamespace box, red
    $box, $red = Add-CniAttachment mybridge box; $null = Add-CniAttachment mybridge red
}

Describe 'Resolve-CniInterface' {
    It 'tells whose a host''s interface is' {
        $owner = Resolve-CniInterface $box.HostInterface
        $owner.Interface | Should -Be 'eth0'
        $owner.Namespace | Should -Be 'box'
        $owner.ContainerId | Should -Be 'box'
        $owner.Network | Should -Be 'mybridge'
        $owner.Bridge | Should -Be 'cni_bridge0'
        $owner.Mac | Should -Be $box.Mac
        $owner.Attachment.IPAddress | Should -Be '10.15.20.2'
        "$owner" | Should -Be "$($box.HostInterface): eth0 in box, mybridge/box/eth0"
    }

    It 'goes the other way round' {
        (Resolve-CniInterface eth0 -Namespace red).HostInterface | Should -Be (Get-CniAttachment -ContainerId red).HostInterface
        (Get-CniAttachment -ContainerId box | Resolve-CniInterface).HostInterface | Should -Be $box.HostInterface
    }

    It 'knows interfaces that nobody attached' {
        $owner = Resolve-CniInterface foreign
        $owner.Namespace | Should -Be 'third'
        $owner.Interface | Should -Be 'inner'
        $owner.Attachment | Should -BeNullOrEmpty
        "$owner" | Should -Be 'foreign: inner in third'
    }

    It 'finds a namespace that only a process has, and says which' {
        $process = Start-Process -PassThru unshare '--net sleep 100'
        try {
            while ((Get-Content "/proc/$($process.Id)/comm") -ne 'sleep') { Start-Sleep -Milliseconds 20 }
            ip link add nameless type veth peer name inside netns $process.Id
            $owner = Resolve-CniInterface nameless
            $owner.NetNS | Should -Be "/proc/$($process.Id)/ns/net"
            $owner.ProcessId | Should -Be $process.Id
            (Resolve-CniInterface inside -Namespace $process).HostInterface | Should -Be 'nameless'
            (Get-CniNamespace -All $process.Id).Owner | Should -Be "sleep ($($process.Id))"
        } finally {
            $process.Kill()
            $process.WaitForExit()
        }
    }

    It 'says each port of a bridge once, and of everything what leads somewhere' {
        (Resolve-CniInterface cni_bridge0 | Sort-Object).Namespace | Sort-Object | Should -Be 'box', 'red'
        (Resolve-CniInterface *).Namespace | Sort-Object | Should -Be 'box', 'red', 'third'
        (Resolve-CniInterface lo).Interface | Should -BeNullOrEmpty
    }

    It 'says that there is none' {
        (Invoke-Recorded { Resolve-CniInterface nix }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInterfaceNotFound,*'
        (Invoke-Recorded { Resolve-CniInterface nix -Namespace box }).Errors[0].Exception.Message | Should -Be 'there is no interface nix in namespace box'
    }

    It 'completes interfaces of the host and of a container' {
        (Complete 'Resolve-CniInterface for').CompletionText | Should -Be 'foreign'
        (Complete 'Resolve-CniInterface -Namespace box -Interface ').CompletionText | Should -Be 'eth0'
        (Complete 'Resolve-CniInterface for').ToolTip | Should -Match 'bytes'
    }

    It 'leaves no namespace open' {
        Get-ChildItem "/proc/$PID/fd" | Where-Object { $_.Target -match 'netns' } | Should -BeNullOrEmpty
    }
}

Describe 'What is attached where' {
    It 'is said of namespaces' {
        "$((Get-CniNamespace box).Attachments)" | Should -Be 'mybridge/box/eth0'
        (Get-CniNamespace third).Attachments | Should -BeNullOrEmpty
        Get-CniNamespace red | ForEach-Object Attachments | Remove-CniAttachment -WhatIf -PassThru | ForEach-Object ContainerId | Should -Be 'red'
    }

    It 'is alive, stale or foreign' {
        (Get-CniAttachment -ContainerId red).State | Should -Be 'Alive'
        ip -n red link del eth0
        (Get-CniAttachment -State InterfaceGone).ContainerId | Should -Be 'red'
        (Get-CniAttachment -ContainerId red).IsStale | Should -BeTrue
        ip link add other type veth peer name eth0 netns red
        (Get-CniAttachment -State Foreign).ContainerId | Should -Be 'red'
        ip -n box link set eth0 address 02:00:00:00:00:09
        (Get-CniAttachment -ContainerId box).State | Should -Be 'Alive' -Because 'a MAC address alone can be changed'
        ip netns delete red
        (Get-CniAttachment -State NamespaceGone).ContainerId | Should -Be 'red'
    }
}
