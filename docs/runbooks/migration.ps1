<#
.SYNOPSIS
Migrates a machine from .conf files to .conflist, and from the Go plugins to cnips, while containers run.
.DESCRIPTION
Nothing that runs is touched: interfaces, addresses, leases and cached results stay where they are and as they are, since cnips keeps the same
files in the same folders. A container that the Go plugins have attached is removed by cnips, and the reverse, so that one can go back (-Back).

Rules are what the two do differently: masquerading, ports, and what the firewall lets through. cnips makes them in nf_tables, and knows both forms:
it checks, mends and removes what the Go plugins have made. These know iptables only (up to version 1.5; what 1.1.1 leaves is in README.md, cell by
cell): of what cnips has made in nf_tables they leave ports and firewall, and their DEL of a masquerading bridge fails, each time it is tried. So
-Back first has cnips make iptables' rules only, and turns those of what is attached (Convert-CniAttachment); then nothing is left behind. With
-Backend iptables cnips makes them from the beginning, for who may want to go back without this script.

Two things are migrated, each by itself where only one is wanted:

* Networks (-Path): each .conf becomes a .conflist with the same plugin and the same version, and is renamed to .conf.old, which no runtime
  reads. From version 1.0.0 on, the specification has lists only.
* Plugins (-PluginPath, with -Executable): the Go programs that cnips can stand for are copied to -BackupPath, and links to cnips take their
  names. Other programs in the folder stay.

It emits what it has done. With -WhatIf it shows what it would do.
.PARAMETER Path
The folder of networks, such as /etc/cni/net.d.
.PARAMETER PluginPath
The folder of plugin programs, such as /opt/cni/bin.
.PARAMETER Executable
The executable cnips. Default: the one in the module, for this machine's processor.
.PARAMETER BackupPath
Where the programs that are replaced go. Default: beside PluginPath, with .go behind its name.
.PARAMETER CachePath
Where the runtime keeps results.
.PARAMETER Backend
What makes the rules of networks that name nothing: iptables or nftables, for all that cnips attaches from now on.
.PARAMETER Back
Puts the programs of -BackupPath into -PluginPath again, after the rules of what is attached were turned into those that these programs know.
.PARAMETER WhatIf
Shows what would be done, and does nothing.
.PARAMETER Confirm
Asks before anything is changed.
.EXAMPLE
./migration.ps1 -Path /etc/cni/net.d -WhatIf

Shows which files would be written and renamed.
.EXAMPLE
./migration.ps1 -Path /etc/cni/net.d -PluginPath /opt/cni/bin

Both, for good.
.EXAMPLE
./migration.ps1 -PluginPath /opt/cni/bin -Back

Back to the Go plugins.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $Path,
    [string] $PluginPath,
    [string] $Executable,
    [string] $BackupPath,
    [string] $CachePath = '/var/lib/cni',
    [ValidateSet('iptables', 'nftables')]
    [string] $Backend,
    [switch] $Back
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

$programs = $PluginPath ? @{ PluginPath = $PluginPath } : @{}
if ($PluginPath -and -not $BackupPath) {
    $BackupPath = $PluginPath.TrimEnd('/') + '.go'
}

# 0. Back. First the rules: those of what is attached from now on, by a setting beside cnips, then those of what is. Then each program takes the
#    place of the link, made beside it and renamed, so that a runtime finds the one or the other at any moment.
if ($Back) {
    $cnips = Join-Path $PluginPath 'cnips'
    if ((Test-Path $cnips) -and $PSCmdlet.ShouldProcess($PluginPath, "$cnips install --backend iptables")) {
        $said = & $cnips install $PluginPath --force --backend iptables 2>&1
        if ($LASTEXITCODE -ne 0) {
            throw "cnips install: $said"
        }
    }

    foreach ($attachment in Get-CniAttachment -CachePath $CachePath | Convert-CniAttachment -Backend Iptables -PassThru | Where-Object ContainerId) {
        [pscustomobject] @{ Kind = 'Rules'; Name = "$($attachment.ContainerId)/$($attachment.Interface)"; From = $attachment.Network; To = 'iptables' }
    }

    foreach ($program in Get-ChildItem $BackupPath -File) {
        if ($PSCmdlet.ShouldProcess((Join-Path $PluginPath $program.Name), 'Put back')) {
            $beside = Join-Path $PluginPath ".$($program.Name).new"
            Copy-Item $program.FullName $beside
            Move-Item $beside (Join-Path $PluginPath $program.Name) -Force
            [pscustomobject] @{ Kind = 'Plugin'; Name = $program.Name; From = $program.FullName; To = Join-Path $PluginPath $program.Name }
        }
    }

    return
}

# 1. How is everything before? What is not well now would be taken for damage later.
$alive = @(Get-CniAttachment -CachePath $CachePath | Where-Object State -EQ Alive)
$well = @($alive | Where-Object { Test-CniAttachment $_.Network -ContainerId $_.ContainerId -Interface $_.Interface -CachePath $CachePath -ErrorAction Ignore })
Write-Verbose "$($alive.Count) attachments are alive, $($well.Count) are as they should be."

# 2. From .conf to .conflist. The new file is written first: while both are there, the old one is read, since it sorts before. The cache has
#    each attachment's configuration, so DEL does not need the old file.
if ($Path) {
    foreach ($network in Get-CniNetwork -Path $Path | Where-Object Path -NotLike '*.conflist') {
        $list = [IO.Path]::ChangeExtension($network.Path, '.conflist')
        $null = New-CniNetwork -Path $network.Path -OutFile $list
        Rename-Item $network.Path "$($network.Path).old"
        if (-not $WhatIfPreference) {
            [pscustomobject] @{ Kind = 'Network'; Name = $network.Name; From = "$($network.Path).old"; To = $list }
        }
    }

    # Are they all good? A warning about a version that is not given is as old as the file.
    if (-not (Test-CniNetwork -Path $Path @programs -ErrorAction Continue)) {
        Write-Warning "Not all networks of $Path are good; see the errors."
    }
}

# 3. From the Go plugins to cnips. Programs first go to the backup; then `cnips install` puts its files and its links there, each made beside
#    and renamed, so that a runtime finds the old one or the new one at any moment. With its commands (cnips-cli): the way back needs them there.
if ($PluginPath) {
    if (-not $Executable) {
        $processor = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
        $Executable = Join-Path (Get-Module CniPS).ModuleBase "bin/linux-$processor/cnips"
    }

    # Those that cnips has too, and that are not its links already.
    $replaced = @(
        Get-CniPlugin -PluginPath $PluginPath | Group-Object Type | Where-Object { $_.Group.Source -contains 'Native' } |
            ForEach-Object { $_.Group | Where-Object Source -EQ Program } | Where-Object { -not (Get-Item $_.Path).LinkTarget }
    )
    if ($replaced) {
        $null = New-Item -ItemType Directory -Force $BackupPath
        Copy-Item $replaced.Path $BackupPath
    }

    $how = @('--force', '--commands') + ($Backend ? '--backend', $Backend : @())
    if ($PSCmdlet.ShouldProcess($PluginPath, "$Executable install $how")) {
        $said = & $Executable install $PluginPath @how 2>&1
        if ($LASTEXITCODE -ne 0) {
            throw "cnips install: $said"
        }

        foreach ($plugin in $replaced | Where-Object { (Get-Item $_.Path).LinkTarget }) {
            [pscustomobject] @{ Kind = 'Plugin'; Name = $plugin.Type; From = Join-Path $BackupPath $plugin.Type; To = $plugin.Path }
        }
    }

    # Does each of them answer?
    foreach ($broken in Get-CniPlugin -PluginPath $PluginPath | Where-Object Problem) {
        Write-Warning "$($broken.Path): $($broken.Problem)"
    }
}

# 4. Is everything as before? The new plugins are asked about what the old ones made.
if ($PluginPath) {
    $programs.PluginSource = 'Path'
}

foreach ($attachment in $well) {
    $which = @{ Network = $attachment.Network; ContainerId = $attachment.ContainerId; Interface = $attachment.Interface }
    $null = Test-CniAttachment @which -CachePath $CachePath @programs -ErrorAction Continue
}
