BeforeDiscovery {
    $versions = '0.2.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $conf = @'
{"cniVersion":"0.2.0","name":"mybridge","type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,
 "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}
'@
}

Describe 'The walk-through at version <_>' -ForEach $versions {
    BeforeAll {
        Clear-Machine
        Set-Location $TestDrive
        $version = $_
        $hasCheck = [version] $version -ge '0.4.0'
        $file = $version -eq '0.2.0' ? './mybridge.conf' : './mybridge.conflist'
        Set-Content $file ($version -eq '0.2.0' ? $conf : (Get-BridgeList $version))
        $null = New-CniNamespace 1234567890
        $attachment = Add-CniAttachment -Network $file -Namespace 1234567890 -ContainerId 1234567890 -Interface eth12
    }

    It 'gives the container its interface, address and routes' {
        Get-Address eth12 1234567890 | Should -Be '10.15.20.2/24'
        $routes = Get-Route 1234567890
        $routes | Should -Contain 'default via 10.15.20.1 dev eth12'
        $routes | Should -Contain '1.1.1.1 via 10.15.20.1 dev eth12'
    }

    It 'gives the host a bridge with the gateway''s address, and forwards' {
        (Get-Link | Where-Object ifname -EQ 'cni_bridge0').linkinfo.info_kind | Should -Be 'bridge'
        Get-Address cni_bridge0 | Should -Be '10.15.20.1/24'
        Get-Content /proc/sys/net/ipv4/ip_forward | Should -Be '1'
        Get-Rule 10.15.20.2 | Should -Not -BeNullOrEmpty
    }

    It 'returns the attachment' {
        $attachment | Should -BeOfType CniPS.CniAttachment
        $attachment.Network | Should -Be 'mybridge'
        $attachment.ContainerId | Should -Be '1234567890'
        $attachment.Namespace | Should -Be '1234567890'
        $attachment.NetNS | Should -Be '/run/netns/1234567890'
        $attachment.Interface | Should -Be 'eth12'
        $attachment.IPAddress | Should -Be '10.15.20.2'
        $attachment.Gateway | Should -Be '10.15.20.1'
        $attachment.Bridge | Should -Be 'cni_bridge0'
        $attachment.CniVersion | Should -Be $version
        $attachment.State | Should -Be 'Alive'
    }

    It 'returns the result in the version of the file' {
        $json = $attachment.Result.Json | ConvertFrom-Json
        $json.cniVersion | Should -Be $version
        if ($version -eq '0.2.0') {
            $json.ip4.ip | Should -Be '10.15.20.2/24'
            $json.ip4.gateway | Should -Be '10.15.20.1'
            $json.ip4.routes.dst | Should -Be '0.0.0.0/0', '1.1.1.1/32'
            $json.PSObject.Properties.Name | Should -Be 'cniVersion', 'ip4', 'dns'
        } else {
            $json.ips[0].address | Should -Be '10.15.20.2/24'
            $json.interfaces.name | Should -Contain 'eth12'
            $json.interfaces.name | Should -Contain 'cni_bridge0'
            $json.routes.dst | Should -Be '0.0.0.0/0', '1.1.1.1/32'
        }
        $attachment.Mac | Should -Be (Get-Link 1234567890 | Where-Object ifname -EQ 'eth12').address
        (Get-Link).ifname | Should -Contain $attachment.HostInterface
    }

    It 'is found again, with its result' {
        $found = Get-CniAttachment
        $found.Count | Should -Be 1
        $found.IPAddress | Should -Be '10.15.20.2'
        $found.State | Should -Be 'Alive'
        (Get-CniResult mybridge -ContainerId 1234567890 -Interface eth12).Json | Should -Be $attachment.Result.Json
    }

    It 'connects two containers with each other, with the gateway, and with others behind the host''s address' {
        $null = New-CniNamespace second, outside
        $second = Add-CniAttachment -Network $file -Namespace second
        $second.IPAddress | Should -Be '10.15.20.3'
        ip link add up0 type veth peer name eth0 netns outside
        ip addr add 192.0.2.1/24 dev up0
        ip link set up0 up
        ip -n outside addr add 192.0.2.2/24 dev eth0
        ip -n outside link set eth0 up
        try {
            foreach ($target in '10.15.20.3', '10.15.20.1', '192.0.2.2') {
                Invoke-CniCommand 1234567890 -- ping -c 1 -W 2 $target | Out-Null
                $LASTEXITCODE | Should -Be 0 -Because "$target must answer"
            }
        } finally {
            Remove-CniAttachment -Network $file -Namespace second
            ip link delete up0
            Remove-CniNamespace second, outside
        }
    }

    It 'is checked' {
        if ($hasCheck) {
            Test-CniAttachment -Network $file -Namespace 1234567890 -Interface eth12 | Should -BeTrue
            ip -n 1234567890 addr del 10.15.20.2/24 dev eth12
            $test = Invoke-Recorded { Test-CniAttachment -Network $file -Namespace 1234567890 -Interface eth12 }
            $test.Output | Should -Be @($false)
            $test.Errors.Count | Should -BeGreaterOrEqual 1
            $test.Errors[0].FullyQualifiedErrorId | Should -Be 'CniAttachmentDiffers,CniPS.Commands.TestCniAttachmentCommand'
            $test.Errors[0].ToString() | Should -Match '10\.15\.20\.2/24'
            $differences = Test-CniAttachment -Network $file -Namespace 1234567890 -Interface eth12 -Detailed
            $differences[0] | Should -BeOfType CniPS.CniDifference
            $differences.Expected | Should -Contain '10.15.20.2/24'
        } else {
            $test = Invoke-Recorded { Test-CniAttachment -Network $file -Namespace 1234567890 -Interface eth12 }
            $test.Output | Should -BeNullOrEmpty
            $test.Errors[0].FullyQualifiedErrorId | Should -Be 'CniVerbNotSupported,CniPS.Commands.TestCniAttachmentCommand'
            $test.Errors[0].ErrorDetails.RecommendedAction | Should -Match '0\.4\.0'
        }
    }

    It 'is taken away, and leaves what is shared' {
        Remove-CniAttachment -Network $file -Namespace 1234567890 -ContainerId 1234567890 -Interface eth12
        (Get-Link 1234567890).ifname | Should -Be 'lo'
        Get-Lease mybridge | Should -BeNullOrEmpty
        Get-Rule 10.15.20.2 | Should -BeNullOrEmpty
        Get-CacheFile | Should -BeNullOrEmpty
        Get-CniAttachment | Should -BeNullOrEmpty
        (Get-Link).ifname | Should -Be 'lo', 'cni_bridge0'
        Get-Address cni_bridge0 | Should -Be '10.15.20.1/24'
        Get-Content /proc/sys/net/ipv4/ip_forward | Should -Be '1'
    }

    It 'can be taken away again without complaint' {
        $again = Invoke-Recorded { Remove-CniAttachment -Network $file -Namespace 1234567890 -ContainerId 1234567890 -Interface eth12 }
        $again.Errors | Should -BeNullOrEmpty
        Remove-CniNamespace 1234567890
        $again = Invoke-Recorded { Remove-CniAttachment -Network $file -Namespace 1234567890 -Interface eth12 }
        $again.Errors | Should -BeNullOrEmpty
    }
}
