# Runs the tests in this process, and sums them up in one line. Started by Invoke-Suite.sh.
param(
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $File = @()
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = @($File ? $File : $PSScriptRoot)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

$broken = @($result.Containers | Where-Object { $_.Result -eq 'Failed' -and -not $_.Blocks } | ForEach-Object { [string] $_.Item })
$failures = @($result.Failed | ForEach-Object { "$($_.ExpandedPath): $($_.ErrorRecord[0].Exception.Message)" }) +
    @($result.FailedBlocks | ForEach-Object { "$($_.ExpandedPath): $($_.ErrorRecord[0].Exception.Message)" }) + $broken
$summary = [ordered] @{
    passed   = $result.PassedCount
    failed   = $failures.Count
    skipped  = $result.SkippedCount
    failures = $failures
    skips    = @($result.Skipped | ForEach-Object { "$($_.ExpandedPath): $($_.ErrorRecord ? $_.ErrorRecord[0].Exception.Message : 'skipped')" })
}
'CNIPS-PESTER ' + ($summary | ConvertTo-Json -Compress -Depth 3)
exit [int] ($failures.Count -gt 0)
