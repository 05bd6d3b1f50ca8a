# Runs every example in docs/en-US, and holds what it prints against what the page says. What differs from run to run (MAC addresses,
# ids, times) is not compared; a line of the page that ends in an ellipsis may go on, and one that is an ellipsis stands for any lines.
# With CNIPS_UPDATE_EXAMPLES=1, pages that differ are rewritten instead.

BeforeDiscovery {
    $pages = Get-ChildItem "$PSScriptRoot/../../docs/en-US/*.md" | ForEach-Object { @{ Name = $_.BaseName; Page = $_.FullName } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    $script:fenced = '(?ms)^```(?<kind>powershell|output)\n(?<code>.*?)\n```\n'

    # A page's blocks of commands, from its examples or its long description on, each with the output that the page has behind it.
    function Get-Example([string] $Text) {
        $start = $Text.IndexOf($Text.Contains("`n## EXAMPLES`n") ? "`n## EXAMPLES`n" : "`n## LONG DESCRIPTION`n")
        $examples = @()
        foreach ($match in [regex]::Matches($Text, $fenced) | Where-Object Index -GT $start) {
            $code = $match.Groups['code']
            if ($match.Groups['kind'].Value -eq 'powershell') {
                $examples += [pscustomobject] @{ Code = $code.Value; Output = ''; End = $match.Index + $match.Length; Length = 0 }
            } else {
                $examples[-1].Output = $code.Value
                $examples[-1].Length = $match.Index + $match.Length - $examples[-1].End
            }
        }
        $examples
    }

    # What the examples of pages print, for each page by its path, each example as one text.
    function Invoke-Example([string[]] $Pages) {
        $mark = '=== {0} ' -f [guid]::NewGuid()
        # One pipe for output and errors: from two, an error may be read after the mark of the next block.
        $lines = sh -c 'exec pwsh "$@" 2>&1' sh -NoProfile -NonInteractive -File $PSScriptRoot/HelpExamples.ps1 -Folder $TestDrive -Mark $mark $Pages
        $printed = @{}
        foreach ($part in ($lines -join "`n") -split "(?m)^(?=$mark)" | Where-Object { $_.StartsWith($mark) }) {
            $head, $rest = $part.Substring($mark.Length) -split "`n"
            $kind, $page = $head -split ' ', 2
            $printed[$page] ??= [Collections.Generic.List[string]]::new()
            if ($kind -eq 'powershell') {
                $text = @($rest | ForEach-Object { $_.TrimEnd() }) -join "`n"
                $printed[$page].Add(($text.Trim("`n") -replace '\n{3,}', "`n`n"))
            }
        }
        $printed
    }

    # Programs that a page's commands start, and this machine lacks.
    function Get-Missing([string] $Text) {
        $code = @((Get-Example $Text).Code) + @([regex]::Matches($Text, '(?ms)^<!-- setup\n.*?\n-->$').Value)
        'ping', 'dnsmasq', '/usr/lib/cni/portmap' | Where-Object {
            ($code -match "\b$(Split-Path $_ -Leaf)\b") -and -not (Get-Command $_ -CommandType Application -ErrorAction Ignore)
        }
    }

    # Without what differs from run to run.
    function Get-Comparable([string] $Text) {
        $Text -replace '\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b', 'MAC' `
            -replace '\bfe80::[0-9a-f:]+', 'LINKLOCAL' `
            -replace 'net:\[\d+\]( +)(\d+(, \d+)*)?', 'NAMESPACE $1' `
            -replace '@if\d+', '@IF' `
            -replace '\d+/\d+/\d{4} \d+:\d\d:\d\d( [AP]M)?', 'TIME' `
            -replace '\b[0-9.]+ ?ms\b|\b[0-9./]+ ms\b', 'TIME' `
            -replace '\b\d+\.\d s\b', 'TIME' `
            -replace '(?m) +', ' '
    }

    $script:ellipsis = [char] 0x2026

    function Test-Output([string] $Said, [string] $Printed) {
        $pattern = foreach ($line in (Get-Comparable $Said) -split "`n") {
            $line -eq $ellipsis ? '(.*\n)*?.*' : [regex]::Escape($line) -replace "$ellipsis`$", '.*'
        }
        (Get-Comparable $Printed) -cmatch "\A$($pattern -join '\n')\z"
    }

    # What is printed now, with the lines shortened that the page has shortened.
    function Get-Shortened([string] $Said, [string] $Printed) {
        $starts = $Said -split "`n" | Where-Object { $_.Length -gt 1 -and $_.EndsWith($ellipsis) } | ForEach-Object { $_.TrimEnd($ellipsis) }
        $lines = foreach ($line in $Printed -split "`n") {
            $start = $starts | Where-Object { $line.StartsWith($_) } | Select-Object -First 1
            $start ? "$start$ellipsis" : $line
        }
        $lines -join "`n"
    }
}

Describe 'The examples' {
    BeforeAll {
        $runnable = (Get-ChildItem "$PSScriptRoot/../../docs/en-US/*.md").FullName | Where-Object { -not (Get-Missing (Get-Content $_ -Raw)) }
        # A trace is the process', and shows what other pages called, too.
        $alone = @($runnable | Where-Object { (Get-Example (Get-Content $_ -Raw)).Code -match 'Get-CniTrace' })
        $all = Invoke-Example ($runnable | Where-Object { $_ -notin $alone })
        foreach ($page in $alone) { $all += Invoke-Example $page }
    }

    It 'of <Name> print what the page says' -ForEach $pages {
        $text = Get-Content $Page -Raw
        $missing = @(Get-Missing $text)
        if ($missing) { Set-ItResult -Skipped -Because "$($missing -join ', ') is not installed" }
        $examples = @(Get-Example $text)
        $printed = @(if ($all.ContainsKey($Page)) { $all[$Page] })
        $printed.Count | Should -Be $examples.Count
        $offset = 0
        for ($i = 0; $i -lt $examples.Count; $i++) {
            if (Test-Output $examples[$i].Output $printed[$i]) {
                continue
            }
            if ($env:CNIPS_UPDATE_EXAMPLES -ne '1') {
                $printed[$i] | Should -BeExactly $examples[$i].Output -Because "that is what the page says of $($examples[$i].Code)"
            }
            $new = $printed[$i] ? "`n" + '```output' + "`n$(Get-Shortened $examples[$i].Output $printed[$i])`n" + '```' + "`n" : ''
            $text = $text.Remove($examples[$i].End + $offset, $examples[$i].Length).Insert($examples[$i].End + $offset, $new)
            $offset += $new.Length - $examples[$i].Length
            Set-Content $Page $text -NoNewline
        }
    }
}
