# Runs the tests in this process, and sums them up in one line. Started by Invoke-Suite.sh.
param(
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $File = @()
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../out/powershell/Pester/Pester.psd1

$configuration = New-PesterConfiguration
$configuration.Run.Path = @($File ? $File : $PSScriptRoot)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

# Tests that failed, blocks that could not be set up, files that could not be read.
$failures = @(
    foreach ($failed in @($result.Failed) + @($result.FailedBlocks)) { "$($failed.ExpandedPath): $($failed.ErrorRecord[0].Exception.Message)" }
    foreach ($container in $result.FailedContainers) { "$($container.Item): $($container.ErrorRecord[0].Exception.Message)" }
)
$summary = [ordered] @{
    passed   = $result.PassedCount
    failed   = $failures.Count
    skipped  = $result.SkippedCount
    failures = $failures
    skips    = @($result.Skipped | ForEach-Object { "$($_.ExpandedPath): $($_.ErrorRecord ? $_.ErrorRecord[0].Exception.Message : 'skipped')" })
}
'CNIPS-PESTER ' + ($summary | ConvertTo-Json -Compress -Depth 3)
exit [int] ($failures.Count -gt 0)
