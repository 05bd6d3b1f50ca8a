#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, checks, packages or installs CniPS.
.DESCRIPTION
The thin door for PowerShell users; the work is done by dotnet, and every task can be run without pwsh as well.

Build    dotnet build: the importable module folder out/CniPS.
Test     dotnet test: everything, the Pester suite included.
Analyze  PSScriptAnalyzer over the scripts and the manifest.
Package  out/CniPS.<version>.zip: the module folder, with the native executable in it.
Install  copies the module folder to the user's PowerShell modules.
Demo     the walk-through, in private namespaces.
.EXAMPLE
./build.ps1 -Task Build, Install
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Analyze', 'Package', 'Install', 'Demo')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$buildOptions = '-c', $Configuration
$root = $PSScriptRoot
$module = Join-Path $root 'out/CniPS'

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with $LASTEXITCODE."
    }
}

function Build {
    Invoke-Dotnet build (Join-Path $root 'CniPS.sln') @buildOptions
}

function Test {
    Invoke-Dotnet test (Join-Path $root 'CniPS.sln') @buildOptions
}

function Analyze {
    if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
        throw 'PSScriptAnalyzer is not installed: Install-PSResource PSScriptAnalyzer.'
    }

    if (-not (Test-Path $module)) {
        Build
    }

    $settings = Join-Path $root 'PSScriptAnalyzerSettings.psd1'
    $found = foreach ($path in 'build.ps1', 'out/CniPS/CniPS.psd1', 'docs/runbooks', 'tests') {
        Invoke-ScriptAnalyzer -Path (Join-Path $root $path) -Recurse -Settings $settings
    }

    if ($found) {
        $found | Format-Table -AutoSize | Out-String | Write-Warning
        throw "PSScriptAnalyzer found $(@($found).Count) problems."
    }
}

function Package {
    Build
    $tool = Join-Path $root 'out/tool'
    Invoke-Dotnet publish (Join-Path $root 'src/CniPS.Tool') -c Release -o $tool
    $bin = New-Item -ItemType Directory -Force (Join-Path $module 'bin')
    Copy-Item (Join-Path $tool 'cnips') $bin
    $version = (Import-PowerShellDataFile (Join-Path $root 'CniPS.psd1')).ModuleVersion
    $archive = Join-Path $root "out/CniPS.$version.zip"
    Compress-Archive -Path $module -DestinationPath $archive -Force
    Get-Item $archive
}

function Install {
    if (-not (Test-Path $module)) {
        Build
    }

    $version = (Import-PowerShellDataFile (Join-Path $module 'CniPS.psd1')).ModuleVersion
    $target = "$HOME/.local/share/powershell/Modules/CniPS/$version"
    New-Item -ItemType Directory -Force $target | Out-Null
    Copy-Item (Join-Path $module '*') $target -Recurse -Force
    Get-Item $target
}

function Demo {
    $run = 'run', '--project', (Join-Path $root 'src/CniPS.Tool'), '--', 'demo'
    Invoke-Dotnet @run
}

foreach ($name in $Task) {
    & $name
}
