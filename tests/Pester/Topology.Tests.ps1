BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0 -More ',{"type":"portmap","capabilities":{"portMappings":true}}')
    Set-Content /etc/cni/net.d/second.conflist ((Get-BridgeList 1.0.0 second $false cni9) -replace '10\.15\.20', '10.99.1')
    # Something for the host to reach the world by.
    ip link add up0 type veth peer name far
    ip addr add 192.168.1.5/24 dev up0
    ip link set up0 up
    ip link set far up
    ip route add default via 192.168.1.1
    $null = New-CniNamespace box, red, idle
    $box = Add-CniAttachment mybridge box -PortMapping 8080:80/tcp, 127.0.0.1:53:53/udp
    $null = Add-CniAttachment second red
    $null = Add-CniAttachment second box -Interface eth1
    $plan = Add-CniAttachment mybridge idle -PortMapping 8443:443 -WhatIf -PassThru
}

AfterAll {
    ip route del default
    Get-CniAttachment | Remove-CniAttachment
}

Describe 'Export-CniTopology' {
    It 'draws everything as Mermaid where nothing else is said' {
        $lines = (Export-CniTopology) -split "`n"
        $lines[0] | Should -BeExactly 'flowchart LR'
        $lines -match '^    subgraph \w+\["(\w+)"\]$' -replace '.*\["|"\]$' | Should -Be node7, box, idle, red
        @($lines -match '-\. masquerade \.->').Count | Should -Be 1
        $lines -match '-\. "' -replace '.*-\. "|" \.->.*' | Should -Be "127.0.0.1:53/udp `u{2192} 53", "8080/tcp `u{2192} 80"
        $lines -match 'up0' | Should -BeLike '*uplink<br/>192.168.1.5/24*'
        "$(Export-CniTopology)" | Should -BeExactly ($lines -join "`n")
    }

    It 'shows some networks, namespaces, containers, interfaces only' {
        $mine = Export-CniTopology mybridge
        $mine | Should -BeLike '*10.15.20.2/24*'
        $mine | Should -Not -BeLike '*10.99.1.*'
        Export-CniTopology -Namespace red | Should -Not -BeLike '*cni_bridge0*'
        Export-CniTopology -Namespace red | Should -BeLike '*cni9*'
        Export-CniTopology -Namespace i* | Should -BeLike '*no interfaces*'
        Export-CniTopology -ContainerId box -Interface eth1 | Should -Not -BeLike '*10.15.20.*'
        $null = Export-CniTopology -Network nix -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeExactly 'There is nothing of nix to be shown.'
    }

    It 'draws what comes down the pipeline in one picture, also from elsewhere' {
        $some = Get-CniAttachment | Where-Object Interface -EQ eth0 | Export-CniTopology
        $some | Should -BeOfType string
        $some | Should -BeLike '*10.15.20.2/24*10.99.1.2/24*'
        $some | Should -Not -BeLike '*10.99.1.3/24*'
        Get-CniAttachment second -ContainerId red | Export-Clixml $TestDrive/red.xml
        Import-Clixml $TestDrive/red.xml | Export-CniTopology | Should -BeExactly (Export-CniTopology -Namespace red)
        Get-CniAttachment nix* | Export-CniTopology | Should -BeNullOrEmpty
        Get-CniNamespace red | Export-CniTopology | Should -BeExactly (Export-CniTopology -Namespace red)
    }

    It 'writes a file in the format that its ending says' {
        foreach ($name in 'x.svg', 'x.html') {
            Export-CniTopology -Path $TestDrive/$name | Should -BeNullOrEmpty
            $xml = [xml](Get-Content $TestDrive/$name -Raw)
            $xml.DocumentElement.LocalName | Should -Be $name.Substring(2)
            $xml.OuterXml.Contains("`u{a0}8080/tcp `u{2192} 80<") | Should -BeTrue
        }
        Push-Location TestDrive:/
        Export-CniTopology -Path x.dot
        Get-Content $TestDrive/x.dot -TotalCount 1 | Should -BeExactly 'digraph "node7" {'
        Export-CniTopology -Path x.txt -Format Mermaid
        Pop-Location
        Get-Content $TestDrive/x.txt -TotalCount 1 | Should -BeExactly 'flowchart LR'
        (Get-Item $TestDrive/x.txt).UnixMode | Should -BeExactly '-rw-r--r--'
    }

    It 'asks and refuses as other commands do' {
        Export-CniTopology -Path $TestDrive/no.svg -WhatIf
        "$TestDrive/no.svg" | Should -Not -Exist
        (Invoke-Recorded { Export-CniTopology -Path $TestDrive/x.png }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniInvalidArgs,*'
        Set-Content $TestDrive/there.svg old
        (Invoke-Recorded { Export-CniTopology -Path $TestDrive/there.svg -NoClobber }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniFileExists,*'
        Get-Content $TestDrive/there.svg | Should -BeExactly old
        (Invoke-Recorded { Export-CniTopology -Path $TestDrive/nix/x.svg }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'CniFileFailed,*'
    }

    It 'marks what a plan adds, and changes nothing' {
        $before = Export-CniTopology
        $plan | Export-CniTopology -Path $TestDrive/plan.svg
        $svg = [xml](Get-Content $TestDrive/plan.svg -Raw)
        $added = $svg.svg.g | Where-Object { $_.class -like 'box * added' -and $_.title }
        $added.class | Sort-Object | Should -Be 'box port added', 'box veth added'
        $svg.OuterXml | Should -BeLike '*>eth0 10.15.20.3/24 *'
        Export-CniTopology | Should -BeExactly $before
        Export-CniTopology -Namespace idle -Plan $plan | Should -BeLike '*:::added*'
    }

    It 'is completed' {
        (Complete 'Export-CniTopology -Network ').CompletionText | Should -Be mybridge, second
        (Complete 'Export-CniTopology -Namespace r').CompletionText | Should -Be red
        (Complete 'Export-CniTopology -Format ').CompletionText | Sort-Object | Should -Be Dot, Html, Mermaid, Svg
    }
}

Describe 'Show-CniAttachment' {
    It 'draws a tree' {
        $ascii = (Show-CniAttachment mybridge box).Text -replace "[`u{251c}`u{2514}]`u{2500}", '+-' -replace "`u{2502}", '|' -replace "`u{2192}", 'to'
        $ascii | Should -Be @(
            'node7  host'
            '+- cni_bridge0  bridge  10.15.20.1/24'
            "|  +- $($box.HostInterface)  veth"
            '|     +- box eth0  10.15.20.2/24  (mybridge)'
            '|        +- masqueraded'
            '|        +- host port 127.0.0.1:53/udp to 53'
            '|        +- host port 8080/tcp to 80'
            '+- up0  veth, uplink  192.168.1.5/24'
        )
    }

    It 'marks what plans add and remove' {
        $lines = $plan, (Remove-CniAttachment second red -WhatIf -PassThru) | Show-CniAttachment
        "$($lines | Where-Object Standing -EQ Added | Where-Object Kind -EQ container)" | Should -BeLike '*idle eth0  10.15.20.3/24  (mybridge)  planned'
        "$($lines | Where-Object Standing -EQ Removed | Where-Object Kind -EQ container)" | Should -BeLike '*red eth0  10.99.1.2/24  (second)  to be removed'
    }

    It 'is coloured where it is displayed, and plain elsewhere' {
        $old = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $text = Show-CniAttachment -Plan $plan | Out-String
            $text | Should -BeLike "*`e[[]32m$($plan.PredictedResult.interfaces[1].name)*"
            "$(Show-CniAttachment)" | Should -Not -BeLike "*`e*"
            Show-CniAttachment | Select-String '10.99.1.2' | Should -Not -BeNullOrEmpty
            $PSStyle.OutputRendering = 'PlainText'
            $plain = Show-CniAttachment -Plan $plan | Out-String
            $plain | Should -Not -BeLike "*`e*"
            ($plain -split '\r?\n' | Where-Object { $_ }) | Should -Be (Show-CniAttachment -Plan $plan).Text
        } finally {
            $PSStyle.OutputRendering = $old
        }
    }

    It 'comes back from elsewhere as it was' {
        Show-CniAttachment | Export-Clixml $TestDrive/tree.xml
        Import-Clixml $TestDrive/tree.xml | Out-String | Should -Be (Show-CniAttachment | Out-String)
    }
}
