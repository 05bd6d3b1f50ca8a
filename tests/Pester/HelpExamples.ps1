# Runs the commands of one help page in this session, one after the other, and prints what they print, each block behind a line that
# begins with the mark. Started by HelpExamples.Tests.ps1 in a pwsh of its own, since -WhatIf writes to the console only.
param([string] $Manifest, [string] $Page, [string] $Mark)

Import-Module $Manifest -ErrorAction Stop
$text = Get-Content $Page -Raw
$text = $text.Substring($text.IndexOf($text.Contains("`n## EXAMPLES`n") ? "`n## EXAMPLES`n" : "`n## LONG DESCRIPTION`n"))
foreach ($block in [regex]::Matches($text, '(?ms)^(<!-- (?<kind>setup)\n(?<code>.*?)\n-->|```(?<kind>powershell)\n(?<code>.*?)\n```)$')) {
    "$Mark$($block.Groups['kind'].Value)"
    # Statement by statement, as at a prompt: each is a pipeline of its own, and one that fails doesn't keep the next from running.
    $ast = [Management.Automation.Language.Parser]::ParseInput($block.Groups['code'].Value, [ref] $null, [ref] $null)
    foreach ($statement in $ast.EndBlock.Statements) {
        try { . ([scriptblock]::Create($statement.Extent.Text)) 2>&1 | Out-Default } catch { $_ | Out-Default }
    }
}
