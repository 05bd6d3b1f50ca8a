BeforeAll {
    . $PSScriptRoot/Common.ps1

    # A bridge, and a server beside it.
    function Add-Lan {
        ip netns add server
        ip link add lan0 up type bridge
        ip link add uplink up master lan0 type veth peer name eth0 netns server
        ip -n server addr add 10.77.0.1/24 dev eth0
        ip -n server link set eth0 up
        ip netns exec server dnsmasq --conf-file=/dev/null --no-resolv --port=0 --user=root --pid-file=/run/dnsmasq.pid --interface=eth0 --bind-interfaces `
            '--dhcp-range=10.77.0.50,10.77.0.60,2m' --no-ping --dhcp-authoritative --dhcp-leasefile=/run/dnsmasq.leases
        Set-Content /etc/cni/net.d/lan.conflist '{"cniVersion":"1.1.0","name":"lan","plugins":[{"type":"bridge","bridge":"lan0","ipam":{"type":"dhcp"}}]}'
    }
}

Describe 'Addresses from a DHCP server' -Skip:(-not (Get-Command dnsmasq -ErrorAction Ignore)) {
    BeforeAll {
        Clear-Machine
        Add-Lan
        $null = New-CniNamespace blue, green
    }

    AfterAll {
        Stop-CniDhcpService -Release -ErrorAction Ignore
        Get-Content /run/dnsmasq.pid -ErrorAction Ignore | ForEach-Object { Stop-Process -Id $_ }
    }

    It 'need a service, and the error says so' {
        $failed = Invoke-Recorded { Add-CniAttachment lan blue }
        $failed.Errors[0].FullyQualifiedErrorId | Should -Be 'CniDhcpDaemonUnavailable,CniPS.Commands.AddCniAttachmentCommand'
        $failed.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Start-CniDhcpService*'
        (Invoke-Recorded { Get-CniDhcpLease }).Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Invoke-Recorded { Stop-CniDhcpService }).Errors[0].FullyQualifiedErrorId |
            Should -Be 'CniDhcpDaemonUnavailable,CniPS.Commands.StopCniDhcpServiceCommand'
    }

    It 'are kept by a service of this process' {
        Get-WhatIf 'Start-CniDhcpService' | Should -Be 'cnips dhcp daemon -socketpath /run/cni/dhcp.sock'
        $service = Start-CniDhcpService -Timeout 20
        $service | Should -BeOfType CniPS.CniDhcpService
        $service.SocketPath | Should -Be /run/cni/dhcp.sock
        $service.ProcessId | Should -Be $PID
        (Invoke-Recorded { Start-CniDhcpService }).Errors[0].FullyQualifiedErrorId | Should -Be 'CniDhcpSocketTaken,CniPS.Commands.StartCniDhcpServiceCommand'
        (Invoke-Recorded { Start-CniDhcpService /run/x.sock -Timeout 0 }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidValue,*'

        $attachments = 'blue', 'green' | Add-CniAttachment lan
        $attachments.IPAddress | Should -BeLike '10.77.0.*'
        Get-Address eth0 blue | Should -Be "$($attachments[0].Prefix)"
        $leases = Get-CniDhcpLease | Sort-Object ContainerId
        $leases | Should -BeOfType CniPS.CniDhcpLease
        $leases.ContainerId | Should -Be blue, green
        $leases[0].Network, $leases[0].Interface, $leases[0].Namespace, $leases[0].State, $leases[0].Server |
            Should -Be lan, eth0, blue, Bound, 10.77.0.1
        $leases[0].Prefix | Should -Be "$($attachments[0].Prefix)"
        $leases[0].Expires | Should -BeGreaterThan (Get-Date)
        (Get-CniDhcpLease l* -ContainerId g*).ContainerId | Should -Be green
        (Get-CniDhcpLease other*) | Should -BeNullOrEmpty
        @($leases | Format-Table | Out-String -Stream) -match 'lan +blue +eth0 +10\.77\.0\.\d+/24 +Bound +10\.77\.0\.1' | Should -Not -BeNullOrEmpty
        Test-CniAttachment lan blue | Should -BeTrue
    }

    It 'are given back with the attachment, or with the service' {
        Remove-CniAttachment lan blue
        (Get-CniDhcpLease).ContainerId | Should -Be green
        @(Get-Content /run/dnsmasq.leases | Where-Object { $_ -match '10\.77\.' }).Count | Should -Be 1
        Get-CniDhcpLease | Should -Not -BeNullOrEmpty
        Stop-CniDhcpService -Release
        Test-Path /run/cni/dhcp.sock | Should -BeFalse
        for ($i = 0; $i -lt 30 -and (Get-Content /run/dnsmasq.leases) -match '10\.77\.'; $i++) { Start-Sleep -Milliseconds 100 }
        Get-Content /run/dnsmasq.leases | Where-Object { $_ -match '10\.77\.' } | Should -BeNullOrEmpty
    }

    It 'a plan asks for, and can''t know' {
        $lines = Get-WhatIf 'Add-CniAttachment lan blue'
        $lines[-1] | Should -BeLike 'printf*"command":"ADD"*socat*'
    }
}
