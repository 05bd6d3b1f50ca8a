# Makes the package, installs it as from a gallery, and works with what has been installed. The repository is a folder, and everything that
# PowerShell keeps for its user is kept elsewhere.
BeforeAll {
    . $PSScriptRoot/Common.ps1
    Clear-Machine
    $repository = (Resolve-Path $PSScriptRoot/../..).Path
    $runtime = 'linux-' + [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
    $missing = if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) { 'there is no PSResourceGet 1.1 (PowerShell has it since 7.5)' }
    elseif (-not $env:CNIPS_EXECUTABLE) { 'CNIPS_EXECUTABLE names no executable cnips' }
    elseif (-not $env:CNIPS_DAEMON) { 'CNIPS_DAEMON names no executable cnipsd' }

    # Runs commands in a pwsh of a user who has nothing yet.
    function Invoke-Fresh([string] $Command) {
        env "HOME=$TestDrive/home" "XDG_DATA_HOME=$TestDrive/home/.local/share" "XDG_CACHE_HOME=$TestDrive/home/.cache" `
            pwsh -NoProfile -NonInteractive -Command "Set-Location '$TestDrive'; `$ErrorActionPreference = 'Stop'; $Command" 2>&1
    }

    $module = "$TestDrive/home/.local/share/powershell/Modules/CniPS/0.1.0"
    if (-not $missing) {
        # A folder that is not there would not be used.
        $null = New-Item -ItemType Directory "$TestDrive/home/.local/share", "$TestDrive/gallery", "$TestDrive/executables"
        $beside = Split-Path $env:CNIPS_EXECUTABLE
        Copy-Item $beside/cnips, $beside/cnips-cli, $env:CNIPS_DAEMON "$TestDrive/executables"
        $packing = "-NoBuild -Output '$TestDrive/packages' -ProjectUri https://example.org/cnips -Executable @{ '$runtime' = '$TestDrive/executables/cnips' }"
        $said = Invoke-Fresh "& '$repository/build.ps1' -Task Package $packing 3>&1 | ForEach-Object ToString"
        $package = Get-Item "$TestDrive/packages/*.nupkg"
    }
}

Describe 'The package' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'has everything that a gallery asks for' {
        $package.Name | Should -Be 'CniPS.0.1.0-preview.nupkg'
        [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, "$TestDrive/content")
        $specification = ([xml] (Get-Content "$TestDrive/content/CniPS.nuspec" -Raw)).package.metadata
        $specification.id | Should -Be 'CniPS'
        $specification.version | Should -Be '0.1.0-preview'
        $specification.authors | Should -Not -BeNullOrEmpty
        $specification.description.Length | Should -BeGreaterThan 50
        $specification.projectUrl | Should -Be 'https://example.org/cnips'
        $specification.licenseUrl | Should -Match '^https://'
        foreach ($tag in 'PSEdition_Core', 'Linux', 'CNI') { $specification.tags -split ' ' | Should -Contain $tag }
        $news = (Get-Content $repository/CHANGELOG.md) -match '^\* '
        $news.Count | Should -BeGreaterThan 1
        $specification.releaseNotes -split "`r?`n" | Should -Contain $news[0]
        foreach ($file in 'CniPS.psd1', 'LICENSE', 'CniPS.Format.ps1xml', 'CniPS.Types.ps1xml', 'en-US/CniPS.dll-Help.xml', '_manifest/spdx_2.2/manifest.spdx.json', "bin/$runtime/cnips", "bin/$runtime/cnips-cli",
            "bin/$runtime/cnipsd", 'systemd/cnipsd.service', 'systemd/cnipsd.socket') {
            "$TestDrive/content/$file" | Should -Exist
        }
    }

    It 'says which processors it is not for' {
        $other = @('linux-x64', 'linux-arm64') -ne $runtime
        $said | Should -Contain "The package has no executable for ${other}: build it on such a machine, and give it with -Executable."
        $image = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead("$ModulePath/CniPS.dll"))
        $isPrecompiled = $image.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0
        $image.Dispose()
        ($said -match 'compiled for this kind of processor').Count | Should -Be ([int] $isPrecompiled)
        $said[-1] | Should -Be "$package"
    }

    It 'is published to a repository, found there, and installed' {
        $said = Invoke-Fresh @"
Register-PSResourceRepository local -Uri '$TestDrive/gallery' -Trusted
Publish-PSResource -NupkgPath '$($package.FullName)' -Repository local
(Find-PSResource CniPS -Repository local -Prerelease).Prerelease
Install-PSResource CniPS -Repository local -Prerelease
(Get-Module CniPS -ListAvailable).ModuleBase
"@
        $said | Should -Be 'preview', $module
        Get-ChildItem $module -File -Name | Should -Contain 'LICENSE'
    }

    It 'is imported, has help, and adds an attachment' {
        Set-Content "$TestDrive/mybridge.conflist" (Get-BridgeList 1.0.0)
        $said = Invoke-Fresh @"
Import-Module CniPS
(Get-Module CniPS).ModuleBase
(Get-Help Add-CniAttachment).Synopsis
`$null = New-CniNamespace blue
"`$((Add-CniAttachment '$TestDrive/mybridge.conflist' blue).IPAddress)"
"@
        $said | Should -Be $module, 'Puts a container on a network (ADD).', '10.15.20.2'
        Get-Address eth0 blue | Should -Be '10.15.20.2/24'
    }

    It 'has an executable that runs, and that removes what the module has added' {
        $cnips = "$module/bin/$runtime/cnips"
        & $cnips version | Should -Match '0\.1\.0'
        & $cnips del "$TestDrive/mybridge.conflist" blue --container-id blue
        $LASTEXITCODE | Should -Be 0
        (Get-Link blue).ifname | Should -Be 'lo'
        Get-Lease mybridge | Should -BeNullOrEmpty
        & $cnips install "$TestDrive/plugins" | Out-Null
        (Get-CniPlugin bridge -PluginPath "$TestDrive/plugins" -PluginSource Path)[0].SupportedVersions | Should -Contain '1.1.0'
    }

    It "has the node's daemon, and units that systemd takes" {
        $cnipsd = "$module/bin/$runtime/cnipsd"
        (& $cnipsd --help)[0] | Should -Match "^cnipsd: a node's daemon"
        (& $cnipsd --endpoint x 2>&1).ForEach('ToString') | Should -Contain 'cnipsd: there is no option --endpoint'
        $LASTEXITCODE | Should -Be 2
        if (Get-Command systemd-analyze -ErrorAction Ignore) {
            # It looks for the executable where the unit has it.
            $units = (New-Item -ItemType Directory "$TestDrive/units").FullName
            Copy-Item $module/systemd/* $units
            (Get-Content $units/cnipsd.service) -replace '^ExecStart=\S+', "ExecStart=$cnipsd" | Set-Content $units/cnipsd.service
            systemd-analyze verify --man=no $units/cnipsd.service $units/cnipsd.socket 2>&1 | Where-Object { $_ -match 'cnipsd' } | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
        }
    }
}
