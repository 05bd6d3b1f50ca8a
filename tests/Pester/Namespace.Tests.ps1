BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Namespaces with names' {
    BeforeEach {
        Clear-Machine
    }

    It 'are those of ip netns' {
        $made = New-CniNamespace blue, green
        $made | Should -BeOfType CniPS.CniNamespace
        $made.Name | Should -Be 'blue', 'green'
        $made.Path | Should -Be '/run/netns/blue', '/run/netns/green'
        ip netns list | ForEach-Object { ($_ -split ' ')[0] } | Sort-Object | Should -Be 'blue', 'green'
        ip netns add red
        (Get-CniNamespace).Name | Should -Be 'blue', 'green', 'red'
        (Get-CniNamespace b*, RED).Name | Should -Be 'blue', 'red'
        Remove-CniNamespace red
        ip netns delete green
        (Get-CniNamespace).Name | Should -Be 'blue'
        (Get-CniNamespace blue).Id.ToString() | Should -Be (ip netns exec blue readlink /proc/self/ns/net)
    }

    It 'are refused twice, and missed when they are gone' {
        $null = New-CniNamespace blue
        $again = Invoke-Recorded { New-CniNamespace blue, green }
        $again.Output.Name | Should -Be 'green'
        $again.Errors[0].FullyQualifiedErrorId | Should -Be 'CniNamespaceExists,CniPS.Commands.NewCniNamespaceCommand'
        $again.Errors[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $missing = Invoke-Recorded { Remove-CniNamespace red, green }
        $missing.Errors.Count | Should -Be 1
        $missing.Errors[0].FullyQualifiedErrorId | Should -Be 'CniNamespaceNotFound,CniPS.Commands.RemoveCniNamespaceCommand'
        (Get-CniNamespace).Name | Should -Be 'blue'
        (Invoke-Recorded { Get-CniNamespace red }).Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Invoke-Recorded { Get-CniNamespace r* }).Errors | Should -BeNullOrEmpty
    }

    It 'of a name that needs quotes' {
        $null = New-CniNamespace 'a b', '-x', "it's"
        (Get-CniNamespace).Name | Should -Contain 'a b'
        Get-WhatIf "Remove-CniNamespace 'a b'" | Should -Be "ip netns delete 'a b'"
        Get-CniNamespace | Remove-CniNamespace
        Get-CniNamespace | Should -BeNullOrEmpty
    }
}

Describe 'Namespaces of processes' {
    BeforeAll {
        Clear-Machine
        $null = New-CniNamespace blue
        $process = Start-Process unshare '--net', 'sleep', '60' -PassThru
        $inside = Start-Process nsenter '--net=/run/netns/blue', 'sleep', '60' -PassThru
        Start-Sleep -Milliseconds 300
    }

    AfterAll {
        $process, $inside | ForEach-Object Kill
    }

    It 'are listed on request' {
        (Get-CniNamespace).Name | Should -Be 'blue'
        $all = Get-CniNamespace -All
        ($all | Where-Object Name -EQ blue).ProcessId | Should -Be $inside.Id
        $nameless = $all | Where-Object ProcessId -EQ $process.Id
        $nameless.Name | Should -BeNullOrEmpty
        $nameless.Path | Should -Be "/proc/$($process.Id)/ns/net"
        ($all | Where-Object ProcessId -EQ $PID).Name | Should -BeNullOrEmpty
    }

    It 'are found by their processes, not by the names of those' {
        $null = New-CniNamespace sleep, $PID
        try {
            (Get-Process -Id $inside.Id).Name | Should -Be 'sleep'
            (Get-Process -Id $inside.Id | Get-CniNamespace).Name | Should -Be 'blue'
            (Get-CniNamespace $inside.Id).Name | Should -Be 'blue'
            (Get-CniNamespace (Get-Process -Id $inside.Id), green*).Name | Should -Be 'blue'
            (Get-CniNamespace "/proc/$($inside.Id)/ns/net", sleep).Name | Should -Be 'blue', 'sleep'
            (Get-CniNamespace $PID).Path | Should -Be "/run/netns/$PID" -Because 'a name goes before a process'
            (Get-CniNamespace /run/netns/blue | Get-CniNamespace).Name | Should -Be 'blue'

            $nameless = Get-Process -Id $process.Id | Get-CniNamespace
            $nameless.Name | Should -BeNullOrEmpty
            $nameless.Path | Should -Be "/proc/$($process.Id)/ns/net"
            $nameless.Id.ToString() | Should -Be (readlink "/proc/$($process.Id)/ns/net")
            ($nameless | Get-CniNamespace -All).ProcessId | Should -Be $process.Id
            $inside, $process | Get-CniNamespace | ForEach-Object Name | Should -Be 'blue', $null

            $missing = Invoke-Recorded { Get-CniNamespace /proc/0/ns/net, no }
            $missing.Output | Should -BeNullOrEmpty
            $missing.Errors.TargetObject | Should -Be '/proc/0/ns/net', 'no'
        } finally {
            Remove-CniNamespace sleep, $PID
        }
    }

    It 'can''t be removed' {
        $remove = Invoke-Recorded { Get-CniNamespace -All | Where-Object { -not $_.Name } | Remove-CniNamespace }
        $remove.Errors.FullyQualifiedErrorId | Select-Object -Unique |
            Should -Be 'CniNamespaceNotNamed,CniPS.Commands.RemoveCniNamespaceCommand'
        $process.HasExited | Should -BeFalse
    }
}

Describe 'Invoke-CniCommand' {
    BeforeAll {
        Clear-Machine
        $blue = New-CniNamespace blue
        ip -n blue link add inside type bridge
    }

    It 'gives a program the arguments that it would get from the prompt' {
        $two = 'p', 'q'
        $expected = printf '[%s]\n' --dports 80,443 -foo:bar -x: y --long=1,2 080,443 $two @two ''
        Invoke-CniCommand blue -- printf '[%s]\n' --dports 80,443 -foo:bar -x: y --long=1,2 080,443 $two @two '' | Should -Be $expected
        Invoke-CniCommand blue printf '[%s]\n' --dports 80,443 -foo:bar | Should -Be '[--dports]', '[80,443]', '[-foo:bar]'
        Invoke-CniCommand -Namespace blue -Command printf, '[%s]\n', 1, 2 | Should -Be '[1]', '[2]'
    }

    It 'feeds it from the pipeline' {
        'one', 'two' | Invoke-CniCommand blue -- cat | Should -Be 'one', 'two'
        1..3 | Invoke-CniCommand blue -- wc -l | Should -Be '3'
        @() | Invoke-CniCommand blue -- cat | Should -BeNullOrEmpty
        'table inet fed { }' | Invoke-CniCommand blue -- nft -f -
        Invoke-CniCommand blue -- nft list tables | Should -Contain 'table inet fed'
    }

    It 'says of each line which namespace it is from, where there are several' {
        $null = New-CniNamespace second
        $lines = 'x' | Invoke-CniCommand blue, second -- cat
        $lines | Should -Be 'x', 'x'
        $lines.Namespace | Should -Be 'blue', 'second'
        (Get-CniNamespace | Invoke-CniCommand -Command echo, hi).Namespace | Should -Be (Get-CniNamespace).Name
        $mixed = Invoke-Recorded { Invoke-CniCommand blue, no, second -- echo hi }
        $mixed.Output.Namespace | Should -Be 'blue', 'second'
        $mixed.Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniNamespaceNotFound,*'
        Remove-CniNamespace second
    }

    It 'names a program that is not there' {
        $failure = (Invoke-Recorded { Invoke-CniCommand blue -- nosuch -x }).Errors[0]
        $failure.FullyQualifiedErrorId | Should -BeLike 'CniProgramNotFound,*'
        $failure.TargetObject | Should -Be 'nosuch'
    }

    It 'gives it the terminal' {
        Set-Content $TestDrive/at.ps1 "Import-Module '$Manifest'; Invoke-CniCommand blue -Interactive -- sh -c 'tty; exit 3'; exit `$LASTEXITCODE"
        $said = script -qec "pwsh -NoProfile -NonInteractive -File $TestDrive/at.ps1" /dev/null
        $LASTEXITCODE | Should -Be 3
        $said -join ' ' | Should -Match '/dev/pts/'
    }

    It 'runs a program inside' {
        Invoke-CniCommand -Namespace blue -- ip -brief link show inside | Should -Match '^inside '
        Invoke-CniCommand blue -- ls /sys/class/net | Should -Contain 'inside'
        Invoke-CniCommand blue readlink /proc/self/ns/net | Should -Be $blue.Id.ToString()
        readlink /proc/self/ns/net | Should -Not -Be $blue.Id.ToString()
    }

    It 'takes paths, processes and objects, several of them' {
        $process = Start-Process nsenter '--net=/run/netns/blue', 'sleep', '60' -PassThru
        try {
            Start-Sleep -Milliseconds 200
            Invoke-CniCommand $process -- ip -brief link show inside | Should -Match '^inside '
            Invoke-CniCommand "/proc/$($process.Id)/ns/net" -- ip -brief link show inside | Should -Match '^inside '
        } finally {
            $process.Kill()
        }
        $null = New-CniNamespace green
        Get-CniNamespace | Invoke-CniCommand -Command readlink, /proc/self/ns/net | Should -Be (Get-CniNamespace | ForEach-Object { $_.Id.ToString() })
    }

    It 'passes arguments as they are' {
        $words = 'a b', '$x', "it's", '"', '*', '', '-n', '--', ';'
        Invoke-CniCommand blue -- printf '[%s]\n' @words | Should -Be ($words | ForEach-Object { "[$_]" })
    }

    It 'gives lines as they come' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-CniCommand blue -- sh -c 'echo first; sleep 5; echo second' | Select-Object -First 1 | Should -Be 'first'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 4
    }

    It 'sets $LASTEXITCODE, and passes on what the program says' {
        Invoke-CniCommand blue -- sh -c 'exit 7'
        $LASTEXITCODE | Should -Be 7
        Invoke-CniCommand blue -- true
        $LASTEXITCODE | Should -Be 0
        $all = Invoke-Recorded { Invoke-CniCommand blue -- sh -c 'echo out; echo err >&2' }
        $all.Output | Should -Be 'out'
        $all.Errors | ForEach-Object ToString | Should -Be 'err'
    }

    It 'redirects what the program says as of any program' {
        $mixed = Invoke-CniCommand blue -- sh -c 'echo out; echo err >&2' 2>&1
        $mixed.Count | Should -Be 2
        $mixed | Where-Object { $_ -is [string] } | Should -Be 'out'
        $failure = $mixed | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
        $failure.ToString() | Should -Be 'err'
        $failure.FullyQualifiedErrorId | Should -BeLike 'NativeCommandError*'
        Invoke-CniCommand blue -- sh -c 'echo out; echo err >&2' 2> $TestDrive/err | Should -Be 'out'
        Get-Content $TestDrive/err | Should -Be 'err'
        $quiet = "Import-Module '$Manifest'; Invoke-CniCommand blue -- sh -c 'echo out; echo err >&2' 2> `$null; exit `$LASTEXITCODE"
        sh -c 'pwsh -NoProfile -NonInteractive -Command "$1" 2>&1' sh $quiet | Should -Be 'out'
    }

    It 'lets a program finish that has nothing to read' {
        'blue', 'blue' | Invoke-CniCommand -Command sh, -c, 'cat; echo done' | Should -Be 'done', 'done'
    }

    It 'says so where there is no such namespace' {
        $failure = (Invoke-Recorded { Invoke-CniCommand no -- true }).Errors[0]
        $failure.FullyQualifiedErrorId | Should -Be 'CniNamespaceNotFound,CniPS.Commands.InvokeCniCommandCommand'
    }
}
