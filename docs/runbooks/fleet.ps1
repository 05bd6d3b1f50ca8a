<#
.SYNOPSIS
Looks at the attachments of many machines over SSH, and mends what is wrong on those where something is.
.DESCRIPTION
PowerShell's own remoting over SSH is all it takes: pwsh and the module CniPS on each machine, and in its sshd_config a line such as

    Subsystem powershell /usr/bin/pwsh -sshs -NoLogo -NoProfile

The commands run on the machines, at the same time on all; the objects come back with the name of their machine (PSComputerName) and keep the
names of their properties, so that they can be sorted, written to a file, and sent back to be acted upon.

Without -Mend it only looks, and emits an object for each machine.
.PARAMETER HostName
The machines: names or addresses, also as USER@NAME:PORT.
.PARAMETER SshOption
Options of ssh, as in ssh_config(5), such as @{ IdentityFile = '~/.ssh/fleet'; ConnectTimeout = '5' }.
.PARAMETER Module
The module as the machines know it: a name, or a path. Default: CniPS.
.PARAMETER Mend
Removes the attachments whose namespace or interface is gone, and cleans up after them.
.PARAMETER WhatIf
Shows what would be done, and does nothing.
.PARAMETER Confirm
Asks before anything is changed.
.EXAMPLE
./fleet.ps1 node1, node2, node3

How are they?
.EXAMPLE
./fleet.ps1 (Get-Content nodes.txt) -Mend -WhatIf

What would be mended, and where.
.EXAMPLE
./fleet.ps1 node1, node2 | Where-Object Problem
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)]
    [string[]] $HostName,
    [hashtable] $SshOption = @{},
    [string] $Module = 'CniPS',
    [switch] $Mend
)

$ErrorActionPreference = 'Stop'
$cnips = $Module

# 1. A session for each machine, opened once. One that does not answer is named, and keeps nobody from going on.
$unreachable = @()
$sessions = @(New-PSSession -HostName $HostName -Options $SshOption -ErrorAction SilentlyContinue -ErrorVariable unreachable)
foreach ($name in $HostName | Where-Object { ($_ -replace '^.*@' -replace ':\d+$') -notin $sessions.ComputerName }) {
    Write-Error "There is no session with $name. $($unreachable.Exception.Message | Select-Object -Unique)" -ErrorAction Continue
}

if (-not $sessions) {
    throw 'None of the machines can be reached.'
}

try {
    # 2. How are they? This runs there. Test-CniAttachment compares each attachment with what ADD made, down to routes and firewall rules.
    Invoke-Command -Session $sessions {
        Import-Module $using:cnips
        $attachments = @(Get-CniAttachment)
        $differences = @($attachments | Where-Object State -EQ Alive | Test-CniAttachment -Detailed)
        [pscustomobject] @{
            Machine     = [Environment]::MachineName
            Attachments = $attachments.Count
            Gone        = @($attachments | Where-Object State -NE Alive | ForEach-Object ToString)
            Stale       = @(Get-CniLease -Stale | ForEach-Object ToString)
            Different   = @($differences | ForEach-Object ToString)
            Problem     = [bool] ($differences -or ($attachments | Where-Object State -NE Alive))
        }
    } | Select-Object PSComputerName, Machine, Attachments, Gone, Stale, Different, Problem

    if (-not $Mend) {
        return
    }

    # 3. What is to be mended? Attachments come here as objects, from all machines, and are chosen here.
    $gone = @(Invoke-Command -Session $sessions { Get-CniAttachment } | Where-Object State -NE Alive)

    # 4. Mend it where it is. Each machine gets back its own objects, and they bind to the cmdlet's parameters as they did at home.
    foreach ($group in $gone | Group-Object PSComputerName) {
        $session = $sessions | Where-Object ComputerName -EQ $group.Name
        if ($PSCmdlet.ShouldProcess($group.Name, "Remove $($group.Group.ForEach({ "$($_.Network)/$($_.ContainerId)/$($_.Interface)" }) -join ', ')")) {
            $group.Group | Invoke-Command -Session $session {
                $input | Remove-CniAttachment -PassThru
            } | Select-Object PSComputerName, Network, ContainerId, Interface
        }
    }
} finally {
    Remove-PSSession $sessions
}
