BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine

    # Another machine: a pwsh with a network and mounts of its own, and a session with it.
    function New-Machine {
        [CmdletBinding()]
        param()
        $instance = [Management.Automation.Runspaces.PowerShellProcessInstance]::new()
        $start = $instance.Process.StartInfo
        $program = @($start.FileName) + $start.ArgumentList
        $first = 'mount -t tmpfs t /run; mount -t tmpfs t /var/lib/cni; mount -t tmpfs t /etc/cni; mkdir -p /run/netns /run/lock /etc/cni/net.d
            ip link set lo up; exec "$0" "$@"'
        $start.FileName = 'unshare'
        $start.ArgumentList.Clear()
        '--net', '--mount', '--propagation', 'private', 'sh', '-c', $first + $program | ForEach-Object { $start.ArgumentList.Add($_) }
        $types = [Management.Automation.Runspaces.TypeTable]::LoadDefaultTypeFiles()
        $runspace = [runspacefactory]::CreateOutOfProcessRunspace($types, $instance)
        $runspace.Open()
        [Management.Automation.Runspaces.PSSession]::Create($runspace, 'Process', $PSCmdlet)
    }

    $session = New-Machine
    Invoke-Command -Session $session -ArgumentList $Manifest {
        param($Module)
        Import-Module $Module
        $null = New-CniNetwork far 10.15.23.0/24 -Bridge far0 -OutFile /etc/cni/net.d/far.conflist
        $null = New-CniNamespace blue, green | Add-CniAttachment far
    }
}

AfterAll {
    if ($session) { $session.Runspace.Dispose() }
}

Describe 'Another machine by a session' {
    It 'lists what is there, and not what is here' {
        $there = Get-CniAttachment -Session $session
        $there.ContainerId | Should -Be 'blue', 'green'
        $there.State | ForEach-Object ToString | Should -Be 'Alive', 'Alive'
        $there.Node | Should -Be 'localhost', 'localhost'
        "$($there[0].IPAddress)" | Should -Be '10.15.23.2'
        (Get-CniLease -Session $session).ContainerId | Should -Be 'blue', 'green'
        Get-CniAttachment | Should -BeNullOrEmpty
    }

    It 'passes on what is asked for' {
        (Get-CniAttachment far -ContainerId g* -Session $session).ContainerId | Should -Be 'green'
        (Get-CniAttachment -State Alive -HostPort 80 -Session $session) | Should -BeNullOrEmpty
        (Get-CniLease far -Available -Session $session)[-1].Last | Should -Be '10.15.23.254'
        'far' | Get-CniLease -Session $session | Should -HaveCount 2
    }

    It 'asks only the machine that is meant' {
        Get-CniAttachment -Session $session -Node other* | Should -BeNullOrEmpty
        Get-CniAttachment -Session $session -Node local* | Should -HaveCount 2
    }

    It 'tests what came from there, there' {
        Get-CniAttachment -Session $session | Test-CniAttachment -Session $session | Should -Be $true, $true
        Invoke-Command -Session $session { ip -n blue addr flush dev eth0 }
        $answers = Get-CniAttachment -Session $session | Test-CniAttachment -Session $session -ErrorVariable errors -ErrorAction SilentlyContinue
        $answers | Should -Be $false, $true
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'CniAttachmentDiffers,*'
        "$($errors[0])" | Should -BeLike 'localhost: *10.15.23.2/24*'
        $errors[0].ErrorDetails.RecommendedAction | Should -Be 'Repair-CniAttachment far blue'
        $different = Test-CniAttachment far blue -Detailed -Session $session
        "$($different.Expected)" | Should -Match '10\.15\.23\.2/24'
    }

    It 'follows packets there' {
        Test-CniConnection blue green -Session $session -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeFalse # flushed above
        "$errors" | Should -BeLike 'localhost: eth0 in blue lacks its address*'
        Invoke-Command -Session $session { Repair-CniConnection blue green -Confirm:$false }
        Test-CniConnection blue green -Session $session | Should -BeTrue
        (Test-CniConnection blue green -Detailed -NoProbe -Session $session)[-1].Node | Should -Be 'localhost'
        { Test-CniConnection blue green -Session $session -Path /tmp/way.html -ErrorAction Stop } | Should -Throw -ErrorId 'CniInvalidArgs,*'
    }

    It 'draws what is there' {
        Export-CniTopology -Session $session -Format Mermaid | Should -BeLike '*10.15.23.3/24*'
        Export-CniTopology -Session $session -Node other* | Should -BeNullOrEmpty
        Export-CniTopology | Should -Not -BeLike '*10.15.23.3/24*'
        { Export-CniTopology -Session $session -Path /tmp/nets.svg -ErrorAction Stop } | Should -Throw -ErrorId 'CniInvalidArgs,*'
    }

    It 'says what went wrong there' {
        Get-CniAttachment nosuch -Session $session -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$errors" | Should -Be 'localhost: there is no network nosuch'
        { Get-CniAttachment nosuch -Session $session -ErrorAction Stop } | Should -Throw -ErrorId 'CniNetworkNotFound,*'
    }
}
