<#
.SYNOPSIS
Finds addresses that nobody uses any more, and gives them back.
.DESCRIPTION
New containers fail with "no IP addresses available in range set", and there are far fewer containers than addresses: a runtime was killed, or
its DEL failed, and host-local still holds what they had. This finds such addresses of a network, says whose they were, and removes them
with all else that is left of their attachments: interfaces, firewall rules, cache entries.

It asks before it removes anything; with -WhatIf it shows the commands that it would run.
.PARAMETER Network
The network: its name, or its file.
.PARAMETER CachePath
Where the runtime keeps results. Default: /var/lib/cni, as with all that use libcni.
.PARAMETER Keep
The ids of containers that are alive although the cache of this machine knows nothing of them. Runtimes that keep results elsewhere have to be
asked: -Keep (crictl pods --quiet --state ready).
.PARAMETER WhatIf
Shows what would be done, and does nothing.
.PARAMETER Confirm
Asks before anything is changed, which is the default here.
.EXAMPLE
./address-leak.ps1 mybridge -WhatIf

Shows what is left over, and what would be done about it.
.EXAMPLE
./address-leak.ps1 mybridge -Confirm:$false | Export-Csv leak.csv

Mends it without asking, as a timer would, and keeps the list.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory, Position = 0)]
    [string] $Network,
    [string] $CachePath = '/var/lib/cni',
    [string[]] $Keep
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

$where = @{ CachePath = $CachePath }
$name = (Test-Path $Network) ? (Get-CniNetwork -Path $Network).Name : $Network

# 1. How bad is it? What is held, and what is free.
$held = @(Get-CniLease $name @where)
$free = (Get-CniLease $name -Available @where | Measure-Object AddressCount -Sum).Sum ?? 0
Write-Verbose "$name`: $($held.Count) addresses are held, $free are free."

# 2. Which of them does nobody use? Stale ones: whoever held them is proven gone, whichever cache knew him. What can't be told, or was given out
#    just now by somebody in no cache, is not among them: Get-CniLease has its state, Unknown, and Reason says why.
$stale = @(Get-CniLease $name -Stale @where | Where-Object ContainerId -NotIn $Keep)
Write-Verbose ($stale | Format-Table IPAddress, ContainerId, Reason, Since | Out-String)
if (-not $stale) {
    Write-Verbose 'Every address is in use: the subnet is too small.'
    return
}

# 3. Give them back. Clear-CniNetwork is the specification's GC: it keeps what is valid, and removes the rest, under the network's lock. -WhatIf
#    and -Confirm of this script are its own.
$valid = @{}
if ($Keep) {
    $valid.Keep = @(Get-CniAttachment $name @where | Where-Object State -NotIn InterfaceGone, NamespaceGone) + $Keep
}

$target = "$($stale.Count) of $($held.Count) addresses of network $name ($($stale.IPAddress -join ', '))"
if ($WhatIfPreference -or $PSCmdlet.ShouldProcess($target, 'Give back')) {
    # The question has been asked for all.
    Clear-CniNetwork $Network @where @valid -Confirm:$false
}

# 4. Is it mended? Nothing stale is left, and there is room again.
if (-not $WhatIfPreference) {
    $left = @(Get-CniLease $name -Stale @where | Where-Object ContainerId -NotIn $Keep)
    $free = (Get-CniLease $name -Available @where | Measure-Object AddressCount -Sum).Sum ?? 0
    Write-Verbose "$name`: $($left.Count) stale addresses are left, $free are free."
    if ($left) {
        Write-Warning "Still held: $($left -join ', '). Clear-CniNetwork removes what the network's own IPAM holds."
    }
}
