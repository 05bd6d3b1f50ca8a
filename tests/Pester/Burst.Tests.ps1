BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Many at once' {
    BeforeEach {
        Clear-Machine
        Set-Content /etc/cni/net.d/many.conflist (Get-BridgeList 1.0.0 many).Replace('10.15.20.0/24', '10.15.20.0/22')
    }

    It 'go through one pipeline, three hundred of them' {
        $names = 1..300 | ForEach-Object { "n$_" }
        $removed = $names | New-CniNamespace | Add-CniAttachment many | Remove-CniAttachment -PassThru
        $removed.ContainerId | Should -Be $names
        ($removed.IPAddress | Sort-Object -Unique).Count | Should -Be 300
        Get-CniAttachment | Should -BeNullOrEmpty
        Get-Lease many | Should -BeNullOrEmpty
        Get-CacheFile | Should -BeNullOrEmpty
        (Get-Link | Where-Object ifname -Like 'veth*') | Should -BeNullOrEmpty
        (Get-CniNamespace).Count | Should -Be 300
        (Get-Link n300).ifname | Should -Be 'lo'
        Get-CniNamespace | Remove-CniNamespace -PassThru | Measure-Object | ForEach-Object Count | Should -Be 300
        Get-CniNamespace | Should -BeNullOrEmpty
    }

    It 'are tested, and each that was torn is told of' {
        $made = 1..40 | ForEach-Object { "n$_" } | New-CniNamespace | Add-CniAttachment many
        foreach ($torn in 'n7', 'n33') { ip -n $torn address flush dev eth0 }
        $test = Invoke-Recorded { $made | Test-CniAttachment }
        $test.Output.Count | Should -Be 40
        for ($i = 0; $i -lt 40; $i++) { $test.Output[$i] | Should -Be ($made[$i].ContainerId -notin 'n7', 'n33') }
        $test.Errors.TargetObject.ContainerId | Sort-Object -Unique | Should -Be 'n33', 'n7'
        $made | Remove-CniAttachment -ErrorAction Stop
        Get-CniAttachment | Should -BeNullOrEmpty
    }

    It 'run plugins that are programs side by side' {
        $null = New-Item -ItemType Directory $TestDrive/plugins, $TestDrive/here
        $program = "$TestDrive/plugins/slow"
        # Each but the first waits, five seconds at most, until there are three.
        @'
#!/bin/sh
[ "$CNI_COMMAND" = VERSION ] && { echo '{"cniVersion": "1.0.0", "supportedVersions": ["1.0.0"]}'; exit; }
cat > /dev/null
[ "$CNI_COMMAND" = ADD ] || exit 0
touch HERE/$CNI_CONTAINERID
for i in $(seq 50); do [ $CNI_CONTAINERID = n1 ] || [ $(ls HERE | wc -l) -ge 3 ] && break; sleep 0.1; done
ls HERE | wc -l >> HERE.log
rm HERE/$CNI_CONTAINERID
echo '{"cniVersion": "1.0.0", "ips": []}'
'@.Replace('HERE', "$TestDrive/here") | Set-Content $program
        chmod +x $program
        '{"cniVersion":"1.0.0","name":"waits","plugins":[{"type":"slow"}]}' | Set-Content $TestDrive/waits.conflist
        $names = 1..7 | ForEach-Object { "n$_" }
        $names | New-CniNamespace | Out-Null
        ($names | Add-CniAttachment $TestDrive/waits.conflist -PluginPath $TestDrive/plugins -ThrottleLimit 6).ContainerId | Should -Be $names
        ([int[]] (Get-Content "$TestDrive/here.log") | Measure-Object -Maximum).Maximum | Should -BeGreaterOrEqual 3
        $names | Remove-CniAttachment $TestDrive/waits.conflist -PluginPath $TestDrive/plugins
    }
}
