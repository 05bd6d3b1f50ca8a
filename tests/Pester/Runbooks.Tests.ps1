# Runs each script of docs/runbooks on what it is written for, and holds the machine against what it promises.

BeforeDiscovery {
    $runbooks = Get-ChildItem "$PSScriptRoot/../../docs/runbooks/*.ps1" | ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $folder = (Resolve-Path "$PSScriptRoot/../../docs/runbooks").Path
    # They import the module by its name, as everybody does.
    $modules = $env:PSModulePath
    $env:PSModulePath = "$(Split-Path $ModulePath):$modules"
}

AfterAll {
    $env:PSModulePath = $modules
}

Describe 'The runbook <Name>' -ForEach $runbooks {
    It 'says what it is for, in what it is and in the list of all' {
        $help = Get-Help $Path -Full
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        ($help.description | Out-String).Length | Should -BeGreaterThan 200
        foreach ($parameter in $help.parameters.parameter) {
            ($parameter.description | Out-String).Trim() | Should -Match '\.$' -Because "-$($parameter.name) is to be described"
        }
        @($help.examples.example).Count | Should -BeGreaterOrEqual 1
        Get-Content "$folder/README.md" -Raw | Should -Match ([regex]::Escape("($Name.ps1)"))
    }
}

Describe 'first-steps' {
    It 'shows everything it speaks of, and leaves nothing' {
        Clear-Machine
        $out = & "$folder/first-steps.ps1"
        $out[0] | Should -BeTrue
        @($out | Where-Object { $_ -is [CniPS.CniAttachment] }).IPAddress | ForEach-Object ToString | Should -Be '10.15.20.2', '10.15.20.3'
        "$out" | Should -Match 'eth12@\S+ +UP +10\.15\.20\.2/24'
        "$out" | Should -Match '1\.1\.1\.1 via 10\.15\.20\.1 dev eth12'
        @($out -match '1 packets transmitted, 1 received').Count | Should -Be 2
        $difference = $out | Where-Object { $_ -is [CniPS.CniDifference] }
        $difference.Expected | Should -Contain '10.15.20.2/24'
        $out | Should -Contain 'ip link del cni_bridge0'
        (Get-Link).ifname | Should -Be 'lo'
        nft list ruleset | Should -BeNullOrEmpty
        Get-CniNamespace | Should -BeNullOrEmpty
    }
}

Describe 'kubernetes-node' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/kubernetes-node.ps1"
        $null = New-Item -ItemType Directory "$TestDrive/bin", "$TestDrive/node", "$TestDrive/disk"
        # Agents' plugins, as far as VERSION goes.
        foreach ($type in 'cilium-cni', 'calico', 'calico-ipam') {
            Set-Content "$TestDrive/bin/$type" "#!/bin/sh`necho '{`"cniVersion`":`"1.0.0`",`"supportedVersions`":[`"0.3.1`",`"0.4.0`",`"1.0.0`"]}'"
            chmod +x "$TestDrive/bin/$type"
        }
    }

    It 'names for each file what is missing on a node that has nothing yet' {
        $found = & $script -Path "$folder/node" -PluginPath /nowhere -Root "$TestDrive/disk"
        foreach ($type in 'cilium-cni', 'calico', 'calico-ipam') {
            $problem = $found | Where-Object Problem -EQ "failed to find plugin `"$type`" in path [/nowhere]"
            $problem.Severity | Should -Be 'Error'
            $problem.Line | Should -BeGreaterThan 5
            $problem.Advice | Should -Not -BeNullOrEmpty
        }
        $needs = $found | Where-Object Problem -Match ': there is no /'
        $needs.Problem | Should -Be @(
            'cilium-cni: there is no /var/run/cilium/cilium.sock'
            'calico: there is no /etc/cni/net.d/calico-kubeconfig'
            'flannel: there is no /run/flannel/subnet.env'
            'flannel: there is no /run/flannel/subnet.env')
        ($found | Where-Object Problem -Like 'is never used: cilium in 05-cilium.conflist*').Network | Should -Be 'k8s-pod-network', 'cbr0', 'cbr0'
        ($found | Where-Object Problem -Like 'no cniVersion*').File | Should -BeLike '*/20-old-flannel.conf'
        ($found | Where-Object Problem -Like 'network cbr0 is in *10-flannel.conflist as well*').Severity | Should -Be 'Warning'
    }

    It 'finds nothing on a good node' {
        Copy-Item "$folder/node/05-cilium.conflist" "$TestDrive/node"
        $null = New-Item -ItemType Directory -Force "$TestDrive/disk/var/run/cilium"
        $null = New-Item "$TestDrive/disk/var/run/cilium/cilium.sock"
        & $script -Path "$TestDrive/node" -PluginPath "$TestDrive/bin" -Root "$TestDrive/disk" | Should -BeNullOrEmpty
    }

    It 'finds a version that the plugin does not speak, and a plugin that is broken' {
        (Get-Content "$folder/node/05-cilium.conflist" -Raw) -replace '0\.3\.1', '1.1.0' | Set-Content "$TestDrive/node/05-cilium.conflist"
        $found = & $script -Path "$TestDrive/node" -PluginPath "$TestDrive/bin" -Root "$TestDrive/disk"
        $found.Count | Should -Be 1
        $found.Problem | Should -Match '1\.1\.0'
        $found.Advice | Should -Match '1\.0\.0'
    }

    It 'says of an empty folder that the add-on has not come up' {
        Remove-Item "$TestDrive/node/*"
        (& $script -Path "$TestDrive/node").Problem | Should -BeLike 'there is no network*'
    }
}

Describe 'address-leak' {
    BeforeEach {
        Clear-Machine
        $script = "$folder/address-leak.ps1"
        $null = New-CniNetwork small 10.15.21.0/29 -Bridge small0 -IsGateway -Masquerade -OutFile /etc/cni/net.d/small.conflist
        $null = New-CniNamespace live, gone1, gone2, gone3 | Add-CniAttachment small
        Remove-CniNamespace gone1, gone2, gone3
        # And one of which no cache knows.
        Set-Content /var/lib/cni/networks/small/10.15.21.6 "stranger`r`neth0" -NoNewline
        (Get-Item /var/lib/cni/networks/small/10.15.21.6).LastWriteTime = (Get-Date).AddHours(-1)
        $null = New-CniNamespace new
    }

    It 'mends a network whose addresses are all taken' {
        (Invoke-Recorded { Add-CniAttachment small new }).Errors[0].ToString() | Should -Match 'no IP addresses available'
        $removed = & $script small -Confirm:$false
        $removed.ContainerId | Sort-Object | Should -Be 'gone1', 'gone2', 'gone3', 'stranger'
        Get-Lease small | Should -Be '10.15.21.2'
        Test-CniAttachment small live | Should -BeTrue
        (Add-CniAttachment small new).State | Should -Be 'Alive'
        & $script small -Confirm:$false | Should -BeNullOrEmpty
    }

    It 'only shows with -WhatIf' {
        $lines = pwsh -NoProfile -NonInteractive -Command "& '$script' small -WhatIf" 2>&1
        $lines | Should -Contain 'What if: rm -f /var/lib/cni/networks/small/10.15.21.3'
        $lines | Should -Not -Contain 'What if: rm -f /var/lib/cni/networks/small/10.15.21.2'
        (Get-Lease small).Count | Should -Be 5
    }

    It 'asks, and does nothing where nobody can answer' {
        (Invoke-Recorded { & $script small }).Errors.Count | Should -Be 1
        (Get-Lease small).Count | Should -Be 5
    }

    It 'keeps whom another runtime names' {
        $removed = & $script /etc/cni/net.d/small.conflist -Keep stranger -Confirm:$false
        $removed.ContainerId | Sort-Object | Should -Be 'gone1', 'gone2', 'gone3'
        Get-Lease small | Sort-Object | Should -Be '10.15.21.2', '10.15.21.6'
        Test-CniAttachment small live | Should -BeTrue
    }
}

Describe 'connectivity' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/connectivity.ps1"
        $null = New-CniNetwork lan 10.15.23.0/24 -Bridge lan0 -IsDefaultGateway -Masquerade -PortMapping -OutFile /etc/cni/net.d/lan.conflist
        $null = New-CniNamespace web | Add-CniAttachment lan
        $null = New-CniNamespace db | Add-CniAttachment lan -PortMapping 8432:5432
    }

    It 'answers a complaint about what works' {
        $answer = & $script "web can't reach db."
        $answer.State | Should -Be 'Works'
        $answer.Advice | Should -Match 'there and back'
    }

    It 'names the cause for a service, a container, a published port' {
        (& $script "web can't reach db:5432").Cause | Should -Be 'NotListening'
        (& $script 'web cannot reach 10.15.23.3:5432/udp').Cause | Should -Be 'NotListening'
        (& $script "web can't reach 8433").Cause | Should -Be 'PortNotPublished'
        ip -n db link set eth0 down
        $answer = & $script "web can't reach db:5432"
        $answer.Cause | Should -Be 'InterfaceDown'
        $answer.Where | Should -Be 'db'
        $answer.Advice | Should -Match '^ip -n db link set eth0 up; ip -n db route add default via 10\.15\.23\.1( dev eth0)?$'
    }

    It 'only shows with -WhatIf, and asks where nobody answers' {
        $lines = pwsh -NoProfile -NonInteractive -Command "& '$script' 'web -> db' -Repair -WhatIf" 2>&1
        $lines | Should -Contain 'What if: ip -n db link set eth0 up'
        (Invoke-Recorded { & $script 'web -> db' -Repair }).Errors.Count | Should -Be 1
        ip -n db -br link show eth0 | Should -Match 'DOWN'
    }

    It 'mends it when it is asked to, and writes the way' {
        sysctl -qw net.ipv4.ip_forward=0
        $answers = @(& $script 'web -> db' -Repair -Confirm:$false -Report "$TestDrive/way.html")
        $answers.State | Should -Be 'Mended', 'Works'
        Get-Content "$TestDrive/way.html" -Raw | Should -Match 'arrives, and is answered'
        (& $script 'web -> db').State | Should -Be 'Works'
    }

    It 'leaves to a person what is a person''s' {
        $answers = @(& $script "web can't reach db:5432" -Repair -Confirm:$false)
        $answers.State | Should -Be 'Broken'
        $answers.Cause | Should -Be 'NotListening'
        { & $script 'help' } | Should -Throw '*names nobody*' # own words
    }
}

Describe 'exposure' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/exposure.ps1"
        ip link add wan0 type veth peer name wan1
        ip addr add 192.0.2.1/24 dev wan0
        ip link set wan0 up
        ip link set wan1 up
        $null = New-CniNetwork lan 10.15.23.0/24 -Bridge lan0 -IsDefaultGateway -Masquerade -PortMapping -OutFile /etc/cni/net.d/lan.conflist
        $null = New-CniNetwork dmz 10.15.24.0/24 -Bridge dmz0 -IsDefaultGateway -OutFile /etc/cni/net.d/dmz.conflist
        $null = New-CniNamespace web | Add-CniAttachment lan -PortMapping 8080:80
        $null = New-CniNamespace db | Add-CniAttachment dmz
    }

    AfterAll {
        ip link delete wan0
    }

    It 'emits what is open, and writes a page' {
        $open = & $script -Path "$TestDrive/exposure.html"
        ($open | Where-Object Kind -EQ Port).HostPort | Should -Be 8080
        ($open | Where-Object Kind -EQ Port).Reason | Should -Match '192\.0\.2\.1'
        ($open | Where-Object { $_.Kind -eq 'Isolation' -and $_.From -eq 'lan' -and $_.To -eq 'dmz' }).State | Should -Be 'Open'
        ($open | Where-Object { $_.Kind -eq 'Outbound' -and $_.From -eq 'lan' }).Reason | Should -Match 'as 192\.0\.2\.1'
        ([xml](Get-Content "$TestDrive/exposure.html" -Raw)).html.body.h2 | Should -Contain 'Published ports'
    }

    It 'says what is new since the last time' {
        & $script -Save "$TestDrive/open.csv" | Should -Not -BeNullOrEmpty
        & $script -Baseline "$TestDrive/open.csv" | Should -BeNullOrEmpty
        $null = New-CniNamespace mail | Add-CniAttachment lan -PortMapping 127.0.0.1:2525:25
        $new = & $script -Baseline "$TestDrive/open.csv" -Kind Port
        $new.HostPort | Should -Be 2525
        $new.From | Should -Be 'host'
    }
}

Describe 'ci-job' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/ci-job.ps1"
        $where = @{ Root = "$TestDrive/jobs" }
        function Test-Clean {
            (Get-Link).ifname | Should -Be 'lo'
            Get-CniNamespace | Should -BeNullOrEmpty
            nft list ruleset | Should -BeNullOrEmpty
            Get-ChildItem "$TestDrive/jobs" | Should -BeNullOrEmpty
            Get-ChildItem /var/lib/cni -Recurse -File | Should -BeNullOrEmpty
        }
    }

    It 'gives a job its hosts, and takes them away' {
        $said = & $script server, client @where {
            param($Machine)
            Invoke-CniCommand $Machine.client.Namespace -- ping -c 1 -W 2 -q "$($Machine.server.IPAddress)"
            "exit code $LASTEXITCODE"
        }
        $said | Should -Contain 'exit code 0'
        Test-Clean
    }

    It 'takes them away when the job fails' {
        { & $script server @where { throw 'the test has failed' } } | Should -Throw 'the test has failed' # own words
        Test-Clean
    }

    It 'takes a subnet that nobody has' {
        ip link add lan0 type veth peer name lan1
        ip addr add 10.99.200.1/24 dev lan0
        ip link set lan0 up
        try {
            & $script one @where { param($Machine) "$($Machine.one.IPAddress)" } | Should -Be '10.99.201.2'
            { & $script one @where { } -Subnet 10.99.200.0/24 } | Should -Throw '*somebody''s already*' # own words
        } finally {
            ip link delete lan0
        }
        Test-Clean
    }

    It 'clears away what a killed job left, and leaves a running one alone' {
        # Each says by its number that it is ready: what is started as pwsh may be a program that starts it.
        $command = "& '$script' a, b -Root '$TestDrive/jobs' { Set-Content '$TestDrive/is' `$PID; Move-Item '$TestDrive/is' '$TestDrive/ready'; Start-Sleep 600 }"
        $jobs = foreach ($number in 1, 2) {
            $started = Start-Process pwsh '-NoProfile', '-NonInteractive', '-Command', "`"$command`"" -PassThru
            while (-not $started.HasExited -and -not (Test-Path "$TestDrive/ready")) { Start-Sleep -Milliseconds 50 }
            Get-Process -Id (Get-Content "$TestDrive/ready")
            Remove-Item "$TestDrive/ready"
        }
        try {
            (Get-CniNamespace).Count | Should -Be 4
            kill -KILL $jobs[0].Id
            $jobs[0].WaitForExit()
            (Get-CniNamespace).Count | Should -Be 4
            & $script one @where { }
            (Get-CniNamespace).Name | Should -Be "job$($jobs[1].Id)-a", "job$($jobs[1].Id)-b"
            (Get-Link | Where-Object ifname -Like 'job*').ifname | Should -Be "job$($jobs[1].Id)"
            # Ctrl+C: it clears away itself.
            kill -INT $jobs[1].Id
            $isOver = $jobs[1].WaitForExit(60000)
            $threads = if (-not $isOver) { foreach ($thread in Get-Item "/proc/$($jobs[1].Id)/task/*") { (Get-Content "$thread/comm", "$thread/wchan") -join ' ' } }
            $isOver | Should -BeTrue -Because "Ctrl+C ends it; its threads: $($threads -join ', '); namespaces: $((Get-CniNamespace).Name)"
            Get-CniNamespace | Should -BeNullOrEmpty
            Get-ChildItem "$TestDrive/jobs" | Should -BeNullOrEmpty
        } finally {
            $jobs | Where-Object { -not $_.HasExited } | ForEach-Object Kill
        }
        Test-Clean
    }
}

Describe 'migration' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/migration.ps1"
        $go = '/usr/lib/cni'
        $executable = $env:CNIPS_EXECUTABLE
        $missing = if (-not (Test-Path $go/bridge)) { 'the Go plugins (containernetworking-plugins) are not installed' }
        elseif (-not $executable) { 'CNIPS_EXECUTABLE names no executable cnips' }
        if ($missing) { return }
        Copy-Item $go "$TestDrive/bin" -Recurse
        Set-Content "$TestDrive/bin/mine" "#!/bin/sh`necho '{`"cniVersion`":`"1.0.0`",`"supportedVersions`":[`"1.0.0`"]}'"
        chmod +x "$TestDrive/bin/mine"
        Set-Content /etc/cni/net.d/10-mybridge.conf @'
{"cniVersion":"0.4.0","name":"mybridge","type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,"ipMasqBackend":"iptables","x-ours":1.50,
 "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"}]}}
'@
        $null = New-CniNamespace old1, old2, new1, new2
        # A runtime with the Go plugins, before; the folder's programs, whichever they are, with -PluginSource Path.
        $programs = @{ PluginSource = 'Path'; PluginPath = "$TestDrive/bin" }
        $null = 'old1', 'old2' | ForEach-Object { Add-CniAttachment mybridge $_ @programs }
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'shows with -WhatIf, and does nothing' {
        $lines = pwsh -NoProfile -NonInteractive -Command "& '$script' -Path /etc/cni/net.d -PluginPath '$TestDrive/bin' -Executable '$executable' -WhatIf" 2>&1
        "$lines" | Should -Match 'Rename File.*10-mybridge\.conf'
        "$lines" | Should -Match 'install --force'
        Get-ChildItem /etc/cni/net.d -Name | Should -Be '10-mybridge.conf'
        Test-Path "$TestDrive/bin.go" | Should -BeFalse
        (Get-Item "$TestDrive/bin/bridge").LinkTarget | Should -BeNullOrEmpty
    }

    It 'makes lists of files and links of programs, and touches nothing that runs' {
        $before = @(Get-ChildItem /var/lib/cni/results, /var/lib/cni/networks/mybridge -File | Where-Object Name -NE lock | Get-FileHash).Hash
        $links = (Get-Link).ifindex
        $done = & $script -Path /etc/cni/net.d -PluginPath "$TestDrive/bin" -Executable $executable -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*unknown key "x-ours"*'
        ($done | Where-Object Kind -EQ Network).To | Should -Be '/etc/cni/net.d/10-mybridge.conflist'
        Get-ChildItem /etc/cni/net.d -Name | Should -Be '10-mybridge.conf.old', '10-mybridge.conflist'
        $network = Get-CniNetwork mybridge
        $network.CniVersion | Should -Be '0.4.0'
        $network.Json | Should -Match '"x-ours": ?1\.50'
        ($done | Where-Object Kind -EQ Plugin).Name | Should -Contain 'host-local'
        (Get-Item "$TestDrive/bin/bridge").LinkTarget | Should -Match 'cnips$'
        Get-FileHash "$TestDrive/bin.go/bridge" | ForEach-Object Hash | Should -Be (Get-FileHash $go/bridge).Hash
        (Get-Item "$TestDrive/bin/mine").LinkTarget | Should -BeNullOrEmpty
        @(Get-ChildItem /var/lib/cni/results, /var/lib/cni/networks/mybridge -File | Where-Object Name -NE lock | Get-FileHash).Hash | Should -Be $before
        (Get-Link).ifindex | Should -Be $links
        Test-CniAttachment mybridge old1 | Should -BeTrue
    }

    It 'goes on where the Go plugins were, in both orders' {
        # The next address, of the same store.
        (Add-CniAttachment mybridge new1 @programs).IPAddress | ForEach-Object ToString | Should -Be '10.15.20.4'
        (Add-CniAttachment mybridge new2).IPAddress | ForEach-Object ToString | Should -Be '10.15.20.5'
        Invoke-CniCommand new1 -- ping -c 1 -W 2 -q 10.15.20.2 | Out-Null
        $LASTEXITCODE | Should -Be 0

        # What Go has made is removed by cnips, as a program and natively; what cnips has made, by Go.
        Remove-CniAttachment mybridge old1 @programs
        Remove-CniAttachment mybridge old2 -PluginSource Native
        Remove-CniAttachment mybridge new1 -PluginSource Path -PluginPath "$TestDrive/bin.go"
        Get-Lease mybridge | Should -Be '10.15.20.5'
        (Get-CniAttachment).ContainerId | Should -Be 'new2'
        foreach ($address in '10.15.20.2', '10.15.20.3', '10.15.20.4') { Get-Rule $address | Should -BeNullOrEmpty -Because $address }
        iptables-save -t nat 2> $null | Where-Object { $_ -match 'id: \\"(old|new1)' } | Should -BeNullOrEmpty
    }

    It 'goes back' {
        $done = & $script -PluginPath "$TestDrive/bin" -Back
        $done.Name | Should -Contain 'bridge'
        Get-ChildItem "$TestDrive/bin.go" -File | ForEach-Object {
            (Get-Item "$TestDrive/bin/$($_.Name)").LinkTarget | Should -BeNullOrEmpty
            (Get-FileHash "$TestDrive/bin/$($_.Name)").Hash | Should -Be (Get-FileHash $_).Hash
        }
        Remove-CniAttachment mybridge new2 @programs
        Get-Lease mybridge | Should -BeNullOrEmpty
        (Get-Link).ifname | Should -Be 'lo', 'cni_bridge0'
    }

    It 'finds nothing to do the second time' {
        $null = & $script -PluginPath "$TestDrive/bin" -Executable $executable
        & $script -Path /etc/cni/net.d -PluginPath "$TestDrive/bin" -Executable $executable -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'goes on, and says so, where a network is not good' {
        $null = New-Item -ItemType Directory "$TestDrive/networks"
        Set-Content "$TestDrive/networks/a.conf" '{"cniVersion":"0.4.0","name":"a","type":"absent"}'
        Set-Content "$TestDrive/networks/b.conf" '{"cniVersion":"0.4.0","name":"b","type":"loopback"}'
        $said = Invoke-Recorded { & $script -Path "$TestDrive/networks" -WarningVariable script:warnings -WarningAction SilentlyContinue }
        $said.Output.Name | Should -Be 'a', 'b'
        $said.Errors.Count | Should -Be 1
        $said.Errors[0].ToString() | Should -BeLike '*a.conflist*absent*'
        $warnings | Should -BeLike 'Not all networks*'
        Get-ChildItem "$TestDrive/networks" -Name | Should -Be 'a.conf.old', 'a.conflist', 'b.conf.old', 'b.conflist'
    }

    It 'turns the rules that the Go plugins do not know before it goes back' {
        (Get-Content /etc/cni/net.d/10-mybridge.conflist -Raw) -replace '"ipMasqBackend": ?"iptables",' | Set-Content /etc/cni/net.d/10-mybridge.conflist
        $null = & $script -PluginPath "$TestDrive/bin" -Executable $executable -Backend nftables -WarningAction SilentlyContinue
        $null = Add-CniAttachment mybridge old1 -PluginSource Path -PluginPath $go
        Test-CniAttachment mybridge old1 | Should -BeTrue
        $address = (Add-CniAttachment mybridge new1 @programs).IPAddress
        $other = (Add-CniAttachment mybridge new2).IPAddress
        $address, $other | ForEach-Object { Get-Rule $_ } | Should -HaveCount 2

        $done = & $script -PluginPath "$TestDrive/bin" -Back
        ($done | Where-Object Kind -EQ Rules).Name | Sort-Object | Should -Be 'new1/eth0', 'new2/eth0', 'old1/eth0'
        Get-Content "$TestDrive/bin/cnips.json" -Raw | ConvertFrom-Json | ForEach-Object backend | Should -Be iptables
        nft list tables | Where-Object { $_ -match 'inet cnips' } | Should -BeNullOrEmpty
        Get-CniAttachment | Test-CniAttachment | Sort-Object -Unique | Should -BeTrue

        # They find what they look for, and leave nothing.
        Get-CniAttachment | Remove-CniAttachment -PluginSource Path -PluginPath $go
        Get-Lease mybridge | Should -BeNullOrEmpty
        Get-CniAttachment | Should -BeNullOrEmpty
        iptables-save -t nat 2> $null | Where-Object { $_ -match 'CNI-[0-9a-f]+' } | Should -BeNullOrEmpty
    }
}

Describe 'fleet' {
    BeforeAll {
        Clear-Machine
        $script = "$folder/fleet.ps1"
        $missing = @('sshd', 'ssh', 'ssh-keygen') | Where-Object { -not (Get-Command $_, "/usr/sbin/$_" -CommandType Application -ErrorAction Ignore) }
        if ($missing) { return }
        $sshd = (Get-Command sshd, /usr/sbin/sshd -CommandType Application -ErrorAction Ignore)[0].Source
        ssh-keygen -q -t ed25519 -N '' -f "$TestDrive/host"
        ssh-keygen -q -t ed25519 -N '' -f "$TestDrive/login"
        $processes = @()

        # Two machines: each has a network, mounts and a name of its own, and an sshd.
        foreach ($number in 1, 2) {
            Set-Content "$TestDrive/sshd$number.conf" @"
ListenAddress 10.98.$number.2
HostKey $TestDrive/host
PidFile none
AuthorizedKeysFile $TestDrive/login.pub
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
Subsystem powershell $((Get-Command pwsh).Source) -sshs -NoLogo -NoProfile
"@
            Set-Content "$TestDrive/node$number.sh" @"
for folder in /run /var/lib/cni /etc/cni; do mount -t tmpfs tmpfs `$folder; done
mkdir -p /run/netns /run/lock /run/sshd /etc/cni/net.d
hostname node$number
ip link set lo up
: > $TestDrive/ready$number
until ip -br address show dev eth0 2> /dev/null | grep -q UP; do sleep 0.1; done
exec $sshd -D -e -f $TestDrive/sshd$number.conf 2> $TestDrive/sshd$number.log
"@
            $process = Start-Process unshare '--net', '--mount', '--uts', '--propagation', 'private', 'sh', "$TestDrive/node$number.sh" -PassThru
            $processes += $process
            for ($i = 0; $i -lt 100 -and -not (Test-Path "$TestDrive/ready$number"); $i++) { Start-Sleep -Milliseconds 50 }
            ip link add "node$number" type veth peer name eth0 netns $process.Id
            ip addr add "10.98.$number.1/24" dev "node$number"
            ip link set "node$number" up
            nsenter "--net=/proc/$($process.Id)/ns/net" ip addr add "10.98.$number.2/24" dev eth0
            nsenter "--net=/proc/$($process.Id)/ns/net" ip link set eth0 up
            "10.98.$number.2 $(Get-Content "$TestDrive/host.pub")" >> "$TestDrive/known_hosts"
        }

        $options = @{
            IdentityFile          = "$TestDrive/login"
            UserKnownHostsFile    = "$TestDrive/known_hosts"
            StrictHostKeyChecking = 'yes'
            BatchMode             = 'yes'
            ConnectTimeout        = '5'
        }
        $fleet = @{ SshOption = $options; Module = (Resolve-Path $Manifest).Path }
        $nodes = 'root@10.98.1.2', 'root@10.98.2.2'
        foreach ($number in 1, 2) {
            $arrived = $false
            for ($i = 0; $i -lt 100 -and -not $arrived; $i++) {
                $arrived = (Test-Path "$TestDrive/sshd$number.log") -and (Get-Content "$TestDrive/sshd$number.log" -Raw) -match 'Server listening'
                if (-not $arrived) { Start-Sleep -Milliseconds 50 }
            }
        }
    }

    AfterAll {
        $processes | Where-Object { -not $_.HasExited } | ForEach-Object { $_.Kill($true) }
        if ($processes) { $processes.WaitForExit() }
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because "$($missing -join ', ') is not installed (openssh-server, openssh-client)" }
    }

    It 'adds attachments on all machines at once, and gets them back as objects' {
        $made = Invoke-Command -HostName $nodes -Options $options -ArgumentList $fleet.Module {
            param($Module)
            Import-Module $Module
            $null = New-CniNetwork fleet 10.15.22.0/24 -Bridge fleet0 -IsGateway -OutFile /etc/cni/net.d/fleet.conflist
            New-CniNamespace blue, green | Add-CniAttachment fleet
        }
        $made.Count | Should -Be 4
        $made.PSComputerName | Sort-Object -Unique | Should -Be '10.98.1.2', '10.98.2.2'
        $made.ContainerId | Sort-Object -Unique | Should -Be 'blue', 'green'
        Get-CniAttachment | Should -BeNullOrEmpty -Because 'it is not this machine that was asked'
    }

    It 'says how they are, and goes on when one does not answer' {
        Invoke-Command -HostName $nodes[0] -Options $options { ip netns delete green; ip -n blue addr flush dev eth0 }
        $said = Invoke-Recorded { & $script ($nodes + 'root@10.98.1.77') @fleet }
        $said.Errors.Count | Should -Be 1
        $said.Errors[0].ToString() | Should -Match '10\.98\.1\.77'
        $said.Output.Machine | Sort-Object | Should -Be 'node1', 'node2'
        $first, $second = $said.Output | Sort-Object Machine
        $first.PSComputerName | Should -Be '10.98.1.2'
        $first.Gone | Should -Be 'fleet/green/eth0'
        "$($first.Different)" | Should -Match '10\.15\.22\.2/24'
        $first.Problem | Should -BeTrue
        $second.Attachments | Should -Be 2
        $second.Problem | Should -BeFalse
    }

    It 'only says with -WhatIf what it would mend' {
        $null = & $script $nodes @fleet -Mend -WhatIf
        (Invoke-Command -HostName $nodes -Options $options -ArgumentList $fleet.Module { Import-Module $args[0]; Get-CniAttachment }).Count | Should -Be 4
    }

    It 'mends with what came back, there and nowhere else' {
        $out = & $script $nodes @fleet -Mend
        $mended = $out | Where-Object { $_.PSObject.Properties['ContainerId'] }
        $mended.ContainerId | Should -Be 'green'
        $mended.PSComputerName | Should -Be '10.98.1.2'
        $left = Invoke-Command -HostName $nodes -Options $options -ArgumentList $fleet.Module { Import-Module $args[0]; Get-CniAttachment }
        $left | ForEach-Object { "$($_.PSComputerName) $($_.ContainerId)" } | Sort-Object | Should -Be '10.98.1.2 blue', '10.98.2.2 blue', '10.98.2.2 green'
        (& $script $nodes[0] @fleet).Stale | Should -BeNullOrEmpty
    }
}
