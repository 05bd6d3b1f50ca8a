BeforeAll {
    . $PSScriptRoot/Common.ps1
    $repository = (Resolve-Path $PSScriptRoot/../..).Path
    $commands = Get-Command -Module CniPS
    $analyzer = Get-Module PSScriptAnalyzer -ListAvailable
}

Describe 'The module' {
    It 'has a good manifest' {
        $manifest = Test-ModuleManifest $Manifest -ErrorAction Stop
        $manifest.Version | Should -Be ([version] ([xml] (Get-Content $repository/Directory.Build.props)).SelectSingleNode('//Version').InnerText)
        $manifest.ExportedFunctions.Count + $manifest.ExportedAliases.Count + $manifest.ExportedVariables.Count | Should -Be 0
        $manifest.PowerShellVersion | Should -Be '7.4'
    }

    It 'exports every cmdlet that it has' {
        $types = [CniPS.CniNetwork].Assembly.GetExportedTypes() | Where-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) }
        $names = $types | ForEach-Object { $a = $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0]; "$($a.VerbName)-$($a.NounName)" }
        $commands.Name | Sort-Object | Should -Be ($names | Sort-Object)
        $types | ForEach-Object Name | Sort-Object | Should -Be ($commands | ForEach-Object { "$($_.Verb)$($_.Noun)Command" } | Sort-Object)
    }

    It 'holds what it needs and nothing more' {
        Get-ChildItem $ModulePath -File -Name | Sort-Object | Should -Be @(
            'CniPS.dll', 'CniPS.Engine.dll', 'CniPS.Format.ps1xml', 'CniPS.Linux.dll', 'CniPS.psd1', 'CniPS.Types.ps1xml', 'LICENSE')
    }

    It 'follows PowerShell''s rules' {
        $commands.Count | Should -BeGreaterOrEqual 11
        foreach ($command in $commands) {
            $command.Verb | Should -BeIn (Get-Verb).Verb
            $command.Noun | Should -BeLike 'Cni*'
            $command.OutputType | Should -Not -BeNullOrEmpty -Because $command.Name
            if ($command.Verb -in 'Add', 'Remove', 'New') {
                $command.Parameters.Keys | Should -Contain 'WhatIf' -Because $command.Name
            }
            foreach ($parameter in $command.Parameters.Values) {
                $parameter.ParameterType | Should -Not -Be ([bool]) -Because "$($command.Name) -$($parameter.Name)"
            }
        }
    }

    It 'asks nobody in a script' {
        foreach ($command in $commands | Where-Object { $_.Parameters.Keys -contains 'Confirm' }) {
            $impact = $command.ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0].ConfirmImpact
            # But for what can take from others what they use.
            $impact | Should -BeIn ($command.Name -in 'Clear-CniNetwork', 'Repair-CniConnection' ? 'High' : 'Low', 'Medium') -Because $command.Name
        }
    }

    It 'can be imported, removed and imported again' {
        Import-Module $Manifest -Force
        Remove-Module CniPS
        Import-Module $Manifest
        (Get-Module CniPS).ExportedCmdlets.Count | Should -Be $commands.Count
    }

    It 'readies the engine while it is imported' {
        $why = pwsh -NoProfile -NonInteractive -Command @"
            Import-Module '$Manifest'
            `$lifetime = [CniPS.CniNetwork].Assembly.GetType('CniPS.ModuleLifetime')
            `$flags = [Reflection.BindingFlags] 'NonPublic, Static'
            `$null = [Threading.SpinWait]::SpinUntil({ `$lifetime.GetProperty('IsReady', `$flags).GetValue(`$null) }, 10000)
            "ready: `$(`$lifetime.GetProperty('IsReady', `$flags).GetValue(`$null))"
            `$lifetime.GetProperty('RehearsalFailure', `$flags).GetValue(`$null)
            # What it would keep open, nobody would close who removes the module at once.
            "kept: `$(`$lifetime.Assembly.GetType('CniPS.Machine').GetField('s_hosts', `$flags).GetValue(`$null).Count)"
"@
        $why | Should -Be "ready: $([Environment]::ProcessorCount -gt 1)", 'kept: 0'
    }
}

Describe 'PowerShell''s own analyzer' {
    It 'finds nothing in <_>' -ForEach @(
        'out/CniPS/CniPS.psd1', 'PSScriptAnalyzerSettings.psd1', 'build.ps1', 'src/CniPS/Build', 'docs/runbooks', 'tests/Pester'
    ) {
        if (-not $analyzer) { Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed' }
        $path = $_ -like 'out/*' ? $Manifest : "$repository/$_"
        $found = Invoke-ScriptAnalyzer -Path $path -Settings $repository/PSScriptAnalyzerSettings.psd1 -Recurse
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }
}
