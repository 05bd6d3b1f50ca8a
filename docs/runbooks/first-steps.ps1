<#
.SYNOPSIS
First steps: the walk-through that everybody learns CNI from.
.DESCRIPTION
Puts one container on a new bridge, looks at what came of it, puts a second one beside it, lets them talk, and takes everything away.
A container is here what it is for CNI: a network namespace and an id.

Needs root, and changes this machine's network until the last step; docs/runbooks/README.md says how to try it where nothing can go wrong.
.PARAMETER Folder
Where the network's file and the cache go. Default: a folder of its own in the temporary one, removed at the end.
.EXAMPLE
./first-steps.ps1
#>
[CmdletBinding()]
param(
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

$isOurs = -not $Folder
if ($isOurs) {
    $Folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "first-steps-$PID")).FullName
}

# 1. A network is a file. This one is the walk-through's: a bridge that is the containers' gateway, masquerading, and addresses from
#    10.15.20.0/24. One plugin in a .conf, or several in a .conflist: both will do everywhere.
$file = Join-Path $Folder 'mybridge.conf'
Set-Content $file @'
{"cniVersion":"0.4.0","name":"mybridge","type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,
 "ipam":{"type":"host-local","subnet":"10.15.20.0/24","dataDir":"DATA","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}
'@.Replace('DATA', "$Folder/networks")

# 2. Is it a good one? True; or False, and an error with file, line and column for everything that is wrong.
Test-CniNetwork $file

# What stands on every command from here on: which network, and where its results are kept.
$where = @{ Network = $file; CachePath = $Folder }

# 3. The first container.
$null = New-CniNamespace 1234567890

try {
    # 4. What would happen? The commands that a person would type. Nothing is changed, and no address is taken.
    Add-CniAttachment @where -Namespace 1234567890 -Interface eth12 -WhatIf

    # 5. The same, done. What comes back is the attachment: its address, its interfaces, the plugins' result.
    $attachment = Add-CniAttachment @where -Namespace 1234567890 -Interface eth12
    $attachment

    # 6. Inside, there are now an address and two routes; outside, a bridge with the gateway's address.
    Invoke-CniCommand 1234567890 -- ip -4 -brief address
    Invoke-CniCommand 1234567890 -- ip route
    ip -4 -brief address show dev cni_bridge0

    # 7. A second container. The first one reaches it, and the gateway.
    $second = New-CniNamespace web | Add-CniAttachment @where
    $second
    foreach ($address in $second.IPAddress, $attachment.Gateway) {
        Invoke-CniCommand 1234567890 -- ping -c 1 -W 2 -q "$address"
        if ($LASTEXITCODE -ne 0) {
            throw "$address does not answer."
        }
    }

    # 8. Is everything as ADD made it? Take the address away behind CniPS's back, and ask again: -Detailed says what is missing, and the
    #    command that mends it.
    Test-CniAttachment @where -Namespace 1234567890 -Interface eth12
    Invoke-CniCommand 1234567890 -- ip address del 10.15.20.2/24 dev eth12
    Test-CniAttachment @where -Namespace 1234567890 -Interface eth12 -Detailed
} finally {
    # 9. Take everything away: the attachments, the containers, and what they shared, since nobody uses it any more:
    #    the bridge, the tables of masquerading, forwarding. What comes out here are the commands.
    Get-CniAttachment -CachePath $Folder | Remove-CniAttachment
    Clear-CniNetwork @where -Confirm:$false | ForEach-Object Change
    Remove-CniNamespace 1234567890, web -ErrorAction Ignore
    if ($isOurs) {
        Remove-Item $Folder -Recurse -Force
    }
}
