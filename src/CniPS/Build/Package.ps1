<#
.SYNOPSIS
Makes a package for the PowerShell Gallery out of the module folder and native executables. The work of build.ps1 -Task Package.
.PARAMETER Module
The module folder, as the build makes it.
.PARAMETER Executable
The executables cnips, each by its runtime; cnips-cli, with its commands, and cnipsd, the node's daemon, lie beside it.
.PARAMETER Output
Where the package goes.
.PARAMETER ProjectUri
Where the project is. Default: the Git remote origin, if that is a web address.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Module,

    [Parameter(Mandatory)]
    [hashtable] $Executable,

    [Parameter(Mandatory)]
    [string] $Output,

    [uri] $ProjectUri
)

$ErrorActionPreference = 'Stop'
$root = Resolve-Path (Join-Path $PSScriptRoot '../../..')
if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    throw 'Packages need PSResourceGet 1.1 or later: Install-PSResource Microsoft.PowerShell.PSResourceGet.'
}

# The notes of a version are its section of the changelog; of one that is not out yet, what is unreleased as well.
function Get-ReleaseNote([string] $Version) {
    $sections = (Get-Content (Join-Path $root 'CHANGELOG.md') -Raw) -split '(?m)^## ' | Select-Object -Skip 1
    $wanted = $sections | Where-Object { $_ -match "\A(Unreleased|$([regex]::Escape($Version)))\s" }
    if (-not $wanted) {
        throw "CHANGELOG.md has no section for $Version."
    }

    ($wanted | ForEach-Object { ($_ -split "`n", 2)[1].Trim() }) -join "`n`n"
}

function Get-Origin {
    $origin = git -C $root remote get-url origin 2> $null
    if ($origin -match '^https?://') {
        return $origin -replace '\.git$'
    }

    Write-Warning 'The package has no ProjectUri, since the Git remote origin is no web address: give -ProjectUri.'
}

# Assemblies that are compiled ahead of time (ReadyToRun) load on one kind of processor only.
function Test-Precompiled([string] $Assembly) {
    $image = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Assembly))
    try {
        return $image.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0
    } finally {
        $image.Dispose()
    }
}

# What only a package has in its manifest.
function ConvertTo-PackageManifest([string] $Manifest, [string] $Version, [string] $Project) {
    $lines = @("ReleaseNotes = @'`n$((Get-ReleaseNote $Version) -replace "(?m)^'@", " '@")`n'@")
    if ([version] $Version -lt '1.0') {
        $lines += "Prerelease   = 'preview'"
    }

    if ($Project) {
        $lines += "ProjectUri   = '$Project'"
    }

    $lines = $lines -join "`n            "
    $Manifest -replace "ReleaseNotes = '.*?'", $lines.Replace('$', '$$')
}

$stage = Join-Path ([IO.Path]::GetTempPath()) "cnips-package-$PID/CniPS"
$null = New-Item -ItemType Directory -Force $stage, $Output
try {
    Copy-Item (Join-Path $Module '*') $stage -Recurse -Exclude bin
    if (Test-Precompiled (Join-Path $stage 'CniPS.dll')) {
        Write-Warning 'The assemblies are compiled for this kind of processor, and the package will load on no other.'
    }

    foreach ($runtime in 'linux-x64', 'linux-arm64') {
        if ($Executable[$runtime]) {
            $bin = New-Item -ItemType Directory -Force (Join-Path $stage "bin/$runtime")
            Copy-Item $Executable[$runtime] (Join-Path $bin 'cnips')
            $beside = Split-Path $Executable[$runtime]
            Copy-Item (Join-Path $beside 'cnips-cli') $bin
            if (Test-Path (Join-Path $beside 'cnipsd')) {
                Copy-Item (Join-Path $beside 'cnipsd') $bin
            } else {
                Write-Warning "The package has no cnipsd for ${runtime}: publish src/CniPS.Node into $beside."
            }
        } else {
            Write-Warning "The package has no executable for ${runtime}: build it on such a machine, and give it with -Executable."
        }
    }

    # The daemon's units, as systemd reads them.
    Copy-Item (Join-Path $root 'src/CniPS.Node/Units') (Join-Path $stage 'systemd') -Recurse
    $manifest = Join-Path $stage 'CniPS.psd1'
    $version = (Import-PowerShellDataFile $manifest).ModuleVersion
    $text = ConvertTo-PackageManifest (Get-Content $manifest -Raw) -Version $version -Project ($ProjectUri ?? (Get-Origin))
    Set-Content $manifest $text -NoNewline
    $null = Test-ModuleManifest $manifest
    & (Join-Path $PSScriptRoot 'Sbom.ps1') -Folder $stage -Version $version
    $package = Compress-PSResource -Path $stage -DestinationPath $Output -PassThru

    # A package is a zip file, and who unpacks it gives files the rights that stand there: the executables are to be executable.
    $archive = [IO.Compression.ZipFile]::Open($package.FullName, 'Update')
    try {
        foreach ($entry in $archive.Entries | Where-Object Name -In 'cnips', 'cnips-cli', 'cnipsd') {
            $entry.ExternalAttributes = [Convert]::ToInt32('100755', 8) -shl 16
        }
    } finally {
        $archive.Dispose()
    }

    Get-Item $package.FullName
} finally {
    Remove-Item (Split-Path $stage) -Recurse -Force
}
