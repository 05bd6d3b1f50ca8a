# The README's walk-through, as a person would save it: the blocks of its section, one after the other, in one script.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    Set-Location $TestDrive
    $readme = Get-Content $PSScriptRoot/../../README.md -Raw
    $section = [regex]::Match($readme, '(?ms)^## From PowerShell\n(.*?)^## ').Groups[1].Value
    $blocks = [regex]::Matches($section, '(?ms)^```(?<kind>json|powershell)\n(?<code>.*?)\n```$')
    Set-Content mybridge.conf ($blocks | Where-Object { $_.Groups['kind'].Value -eq 'json' } | Select-Object -First 1).Groups['code'].Value
    $code = $blocks | ForEach-Object { $_.Groups['kind'].Value -eq 'powershell' ? $_.Groups['code'].Value : '' } | Where-Object { $_ -notmatch 'dotnet build' }
    Set-Content walk.ps1 ("Set-StrictMode -Version Latest", "`$ErrorActionPreference = 'Stop'", "Import-Module '$Manifest'" + $code)
    $lines = @(pwsh -NoProfile -NonInteractive -File walk.ps1 2>&1 | ForEach-Object { "$_" })
    $status = $LASTEXITCODE
}

Describe 'The README''s walk-through, as a script in strict mode' {
    It 'runs to its end' {
        $code.Count | Should -BeGreaterOrEqual 2
        $status | Should -Be 0
        @(Get-CniAttachment -State Alive).Count | Should -Be 10
        $lines -match 'cannot be found|Failed|Exception' | Should -BeNullOrEmpty
    }

    It 'prints a page' {
        # The commands that -WhatIf and -Verbose show, once each, and little else.
        $lines.Count | Should -BeLessThan 80
        @($lines -notmatch '^(What if|VERBOSE): ').Count | Should -BeLessThan 35
    }

    It 'prints no Base64, which the plan has whole' {
        $lines -match '\w{60}' | Should -BeNullOrEmpty
        (Add-CniAttachment -Network ./mybridge.conf -Namespace blue -WhatIf -PassThru 6> $null).Steps.Text -match '\w{200}' | Should -Not -BeNullOrEmpty
    }
}
