<#
.SYNOPSIS
Says what is open on a machine, writes a report of it, and tells what has been opened since the last one.
.DESCRIPTION
What can reach what: published ports and the addresses on which others come to them, containers that are reached by their own addresses, ways
out, which networks reach each other, and what lets containers pass for others. It emits what is open and what somebody could do about it,
writes a page with tables for those who want to read or print it, and with -Baseline compares with a list that was kept before: what is new is
what has to be looked at. Nothing is sent and nothing is changed.

As a timer's job it is silent as long as nothing is opened: it emits only what is not in the baseline, and a list of what is open now can be
kept as the next one.
.PARAMETER Path
The page to write (HTML). Default: none.
.PARAMETER Baseline
A list of what may be open, as -Save writes it. With it only what is open and not in the list is emitted.
.PARAMETER Save
A file to write what is open to (CSV), as a baseline for the next time.
.PARAMETER Kind
What to look at: Port, Lan, Outbound, Isolation, Spoofing. Default: all.
.PARAMETER CachePath
Where the runtime keeps results. Default: /var/lib/cni, as with all that use libcni.
.EXAMPLE
./exposure.ps1 -Path exposure.html | Format-Table Kind, From, To, HostPort, Reason

Shows what is open, and writes a page.
.EXAMPLE
./exposure.ps1 -Save open.csv; ./exposure.ps1 -Baseline open.csv

Keeps what is open; later says what has been opened since.
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Baseline,
    [string] $Save,
    [ValidateSet('Port', 'Lan', 'Outbound', 'Isolation', 'Spoofing')]
    [string[]] $Kind,
    [string] $CachePath = '/var/lib/cni'
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

$what = @{ CachePath = $CachePath }
if ($Kind) { $what.Kind = $Kind }

# 1. The page: all there is, open or closed.
if ($Path) {
    Get-CniExposure @what -Format Html -Path $Path
}

# 2. What is open. What is closed is in the page; what can't be told is as good as open.
$open = @(Get-CniExposure @what | Where-Object State -NE 'Closed')
Write-Verbose "$($open.Count) things are open."

# 3. What is new? A thing is the same if it is of the same kind, from and to the same, by the same port. A list keeps texts only.
$known = if ($Baseline) { Import-Csv $Baseline | ForEach-Object { $_.Kind, $_.From, $_.To, $_.HostPort, $_.Protocol, $_.Network -join '|' } }
$new = @($open | Where-Object { ($_.Kind, $_.From, $_.To, $_.HostPort, $_.Protocol, $_.Network -join '|') -notin $known })

if ($Save) {
    $open | Select-Object Kind, From, To, HostPort, Protocol, Network, State, Reason | Export-Csv $Save
}

$new
