#!/usr/bin/env -S dotnet pwsh
<#
.SYNOPSIS
Builds, tests, checks, packages or installs CniPS.
.DESCRIPTION
The thin door for PowerShell users; the work is done by dotnet. Where there is no pwsh, the repository brings one: dotnet tool restore (any
build does that as well), then dotnet pwsh build.ps1.

Build    dotnet build: the importable module folder out/CniPS.
Test     dotnet test: everything, the Pester suite included.
Analyze  PSScriptAnalyzer over the scripts and the manifest.
Package  out/packages/CniPS.<version>.nupkg, as the PowerShell Gallery takes it: the module, with native executables for each processor
         and the release notes of CHANGELOG.md. Versions below 1.0 are previews. (Needs PSResourceGet, which PowerShell has since 7.4.)
Install  copies the module folder to the user's PowerShell modules.
Demo     the walk-through, in private namespaces.
.PARAMETER Task
What to do, in this order.
.PARAMETER Configuration
Release, or Debug.
.PARAMETER Output
Where the package goes.
.PARAMETER Executable
Executables cnips for the package that were built elsewhere, each by its runtime: linux-x64, linux-arm64; with cnips-cli and cnipsd beside each. What is not given is built; for the other
processor that takes clang and Debian's cross toolchain (on x64: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross).
.PARAMETER ProjectUri
Where the project is, for the package's manifest. Default: the Git remote origin, if that is a web address.
.PARAMETER NoBuild
Packages out/CniPS as it is, with the executables that are given.
.EXAMPLE
./build.ps1 -Task Build, Install
.EXAMPLE
./build.ps1 -Task Package -Executable @{ 'linux-arm64' = './arm64/cnips' }

A package for both processors.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Analyze', 'Package', 'Install', 'Demo')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $Output = (Join-Path $PSScriptRoot 'out/packages'),

    [hashtable] $Executable = @{},

    [uri] $ProjectUri,

    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
$buildOptions = '-c', $Configuration
$root = $PSScriptRoot
$module = Join-Path $root 'out/CniPS'
$packing = @{ Module = $module; Output = $Output; Executable = $Executable; ProjectUri = $ProjectUri }
$isBuilt = $NoBuild

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
    $found = foreach ($path in 'build.ps1', 'out/CniPS/CniPS.psd1', 'docs/runbooks', 'src/CniPS/Build', 'tests') {
        Invoke-ScriptAnalyzer -Path (Join-Path $root $path) -Recurse -Settings $settings
    }

    if ($found) {
        $found | Format-Table -AutoSize | Out-String | Write-Warning
        throw "PSScriptAnalyzer found $(@($found).Count) problems."
    }
}

function Package {
    if (-not $isBuilt) {
        # For every processor: what is compiled ahead of time for one does not load on another.
        $packing.Module = Join-Path $root 'out/package/'
        $portable = '-c', 'Release', '-p:PrecompileModule=False', "-p:ModuleFolder=$($packing.Module)"
        Invoke-Dotnet build (Join-Path $root 'src/CniPS') @portable
    }

    $processor = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
    foreach ($runtime in 'linux-x64', 'linux-arm64' | Where-Object { -not $isBuilt -and -not $packing.Executable[$_] }) {
        $toolchain = $runtime -eq 'linux-arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
        if ($runtime -ne "linux-$processor" -and -not ((Get-Command clang, "$toolchain-objcopy" -ErrorAction Ignore).Count -eq 2)) {
            Write-Warning "$runtime needs a cross toolchain: apt install clang gcc-$toolchain libc6-dev-$(($runtime -split '-')[1] -replace 'x64', 'amd64')-cross."
            continue
        }

        $tool = Join-Path $root "out/tool/$runtime"
        $options = '-c', 'Release', "-p:ForRuntime=$runtime", '--artifacts-path', (Join-Path $root "out/tool/artifacts-$runtime"), '-o', $tool
        foreach ($project in 'src/CniPS.Tool', 'src/CniPS.Node') {
            Invoke-Dotnet publish (Join-Path $root $project) @options
        }

        $packing.Executable[$runtime] = Join-Path $tool 'cnips'
    }

    & (Join-Path $root 'src/CniPS/Build/Package.ps1') @packing
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
