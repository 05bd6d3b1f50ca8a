<#
.SYNOPSIS
Writes down what is in a package, in its folder _manifest: every file with its hashes, as SPDX 2.2.
.PARAMETER Folder
The folder that is packed.
.PARAMETER Version
The package's version.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Folder,

    [Parameter(Mandatory)]
    [string] $Version
)

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path $Folder).Path
$files = foreach ($file in Get-ChildItem $root -Recurse -File | Sort-Object FullName) {
    $name = './' + [IO.Path]::GetRelativePath($root, $file.FullName)
    [ordered] @{
        fileName           = $name
        SPDXID             = 'SPDXRef-File-' + ($name.Substring(2) -replace '[^A-Za-z0-9.]', '-')
        checksums          = @(foreach ($algorithm in 'SHA1', 'SHA256') {
                @{ algorithm = $algorithm; checksumValue = (Get-FileHash $file.FullName -Algorithm $algorithm).Hash.ToLowerInvariant() }
            })
        licenseConcluded   = 'MIT'
        licenseInfoInFiles = @('NOASSERTION')
        copyrightText      = 'NOASSERTION'
    }
}

# What tells one content from another (SPDX 2.2, 3.9): the hash of all files' hashes, in order.
$hashes = -join (@(foreach ($file in $files) { ($file.checksums | Where-Object algorithm -EQ 'SHA1').checksumValue }) | Sort-Object)
$code = [Convert]::ToHexString([Security.Cryptography.SHA1]::HashData([Text.Encoding]::ASCII.GetBytes($hashes))).ToLowerInvariant()
$list = [ordered] @{
    spdxVersion       = 'SPDX-2.2'
    dataLicense       = 'CC0-1.0'
    SPDXID            = 'SPDXRef-DOCUMENT'
    name              = "CniPS $Version"
    documentNamespace = "urn:cnips:$Version`:$code"
    creationInfo      = @{ created = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ'); creators = @('Organization: The CniPS authors', 'Tool: CniPS build.ps1') }
    packages          = @([ordered] @{
            name                    = 'CniPS'
            SPDXID                  = 'SPDXRef-Package'
            versionInfo             = $Version
            supplier                = 'Organization: The CniPS authors'
            downloadLocation        = 'NOASSERTION'
            filesAnalyzed           = $true
            packageVerificationCode = @{ packageVerificationCodeValue = $code }
            licenseConcluded        = 'MIT'
            licenseDeclared         = 'MIT'
            licenseInfoFromFiles    = @('NOASSERTION')
            copyrightText           = '(c) The CniPS authors'
            hasFiles                = @($files.SPDXID)
        })
    files             = @($files)
    relationships     = @(@{ spdxElementId = 'SPDXRef-DOCUMENT'; relationshipType = 'DESCRIBES'; relatedSpdxElement = 'SPDXRef-Package' })
}

$manifest = New-Item -ItemType Directory -Force (Join-Path $root '_manifest/spdx_2.2')
ConvertTo-Json $list -Depth 6 | Set-Content (Join-Path $manifest 'manifest.spdx.json')
