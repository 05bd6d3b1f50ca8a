# Runs the commands of help pages, page by page, and prints what they print, each block behind a line that begins with the mark and names the page.
# Started by HelpExamples.Tests.ps1 in a pwsh of its own, since -WhatIf writes to the console only. Each page has the machine to itself, a session and
# a folder of its own; they share the process, which has compiled what they call after the first few.
param([string] $Folder, [string] $Mark, [Parameter(ValueFromRemainingArguments)] [string[]] $Pages)

. $PSScriptRoot/Common.ps1

$run = {
    param([string] $Manifest, [string] $Folder, [string] $Page, [string] $Mark)

    Set-Location $Folder
    Import-Module $Manifest -ErrorAction Stop
    $text = Get-Content $Page -Raw
    $text = $text.Substring($text.IndexOf($text.Contains("`n## EXAMPLES`n") ? "`n## EXAMPLES`n" : "`n## LONG DESCRIPTION`n"))
    foreach ($block in [regex]::Matches($text, '(?ms)^(<!-- (?<kind>setup)\n(?<code>.*?)\n-->|```(?<kind>powershell)\n(?<code>.*?)\n```)$')) {
        "$Mark$($block.Groups['kind'].Value) $Page" | Out-Default
        # Statement by statement, as at a prompt: each is a pipeline of its own, and one that fails doesn't keep the next from running.
        $ast = [Management.Automation.Language.Parser]::ParseInput($block.Groups['code'].Value, [ref] $null, [ref] $null)
        foreach ($statement in $ast.EndBlock.Statements) {
            try { . ([scriptblock]::Create($statement.Extent.Text)) 2>&1 | Out-Default } catch { $_ | Out-Default }
        }
    }
}

foreach ($page in $Pages) {
    Clear-Machine
    $own = (New-Item -ItemType Directory (Join-Path $Folder (Split-Path $page -LeafBase))).FullName
    $runspace = [runspacefactory]::CreateRunspace($Host)
    $runspace.Open()
    $powershell = [powershell]::Create($runspace)
    $null = $powershell.AddScript($run).AddArgument($Manifest).AddArgument($own).AddArgument($page).AddArgument($Mark).Invoke()
    foreach ($problem in $powershell.Streams.Error) { "$problem" }
    $powershell.Dispose()
    $runspace.Dispose()
    pkill -KILL -P $PID # what the page left running
}
