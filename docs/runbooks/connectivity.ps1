<#
.SYNOPSIS
Goes from a complaint, "web can't reach db:5432", to the cause, and mends it where it is asked to.
.DESCRIPTION
Somebody says that a container can't reach another, the internet, a name, or a port that is published. This follows such a packet as
Test-CniConnection does, there and back, and emits one object for each thing that is wrong: what it is, in which namespace, and the command
that mends it. Where nothing is wrong it says so, with the packet's way, so that the complaint can be answered with something.

With -Repair what can be mended by changes is mended, and the packet is followed again until it arrives, or nothing more can be done. It asks
before each change; with -WhatIf it shows the commands that it would run. What is left is for a person: a service that isn't started, a name
that nobody knows.
.PARAMETER Complaint
What was said: "web can't reach db:5432", "web cannot reach example.org:443/tcp", "host -> web", "outside can't reach 8080": a sender, anything
between, a receiver, and perhaps a port and a protocol. A sender called outside means somebody who comes to a published port.
.PARAMETER Repair
Mends what can be mended.
.PARAMETER Report
A file to write the packet's way to, as a page with a picture of the machine's networks.
.PARAMETER CachePath
Where the runtime keeps results. Default: /var/lib/cni, as with all that use libcni.
.PARAMETER WhatIf
Shows what would be done, and does nothing.
.PARAMETER Confirm
Asks before anything is changed, which is the default here.
.EXAMPLE
./connectivity.ps1 "web can't reach db:5432"

Says why, and what to do.
.EXAMPLE
./connectivity.ps1 "web can't reach db:5432" -Repair -Confirm:$false -Report way.html

Mends it without asking, and keeps the way as a page.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory, Position = 0)]
    [string] $Complaint,
    [switch] $Repair,
    [string] $Report,
    [string] $CachePath = '/var/lib/cni'
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

# 1. Who can't reach whom? The first word and the last one; a port and a protocol stand behind the receiver.
$words = $Complaint.Trim().TrimEnd('.', '!', '?') -split '\s+'
if ($words.Count -lt 2) {
    throw "`"$Complaint`" names nobody who can't reach anybody: say `"web can't reach db:5432`"."
}

$from, $to = $words[0, -1]
$port = $protocol = $null
if ($to -match '^\[?(?<to>[^\]]*?)\]?(:(?<port>\d+))?(/(?<protocol>tcp|udp|icmp))?$' -and ($to.StartsWith('[') -or $Matches.to -notmatch ':')) {
    $to, $port, $protocol = $Matches.to, $Matches.port, $Matches.protocol
}

$question = @{ CachePath = $CachePath }
if ($from -eq 'outside') {
    $question.Published = $port ?? $to
} else {
    $question.From = $from
    if ($to -match '^\d+$') {
        $question.Published = $to
    } else {
        $question.To = $to
        if ($port) { $question.Port = $port }
    }
}

if ($protocol) { $question.Protocol = $protocol }
Write-Verbose "Asked: $($question | ConvertTo-Json -Compress)"

# 2. What is wrong? Each place on the way is an object; a place at which the packet dies has a cause, and what mends it.
$way = @(Test-CniConnection @question -Detailed)
Write-Verbose ($way | Format-Table | Out-String)
$causes = @($way | Where-Object { $_.Cause -and $_.Verdict -eq 'Dropped' } | Sort-Object Namespace, Cause, Decision -Unique)

# 3. Is it to be mended? Repair-CniConnection mends one thing behind the other: one fault hides the next.
$mended = @()
if ($causes -and $Repair) {
    $what = ($causes | ForEach-Object { "$($_.Decision) [$($_.Repair)]" }) -join '; '
    if ($WhatIfPreference -or $PSCmdlet.ShouldProcess($what, 'Mend')) {
        # The question has been asked for all. What it can't mend it reports as errors, which come below as causes that are left.
        $mended = @(Repair-CniConnection @question -PassThru:(-not $WhatIfPreference) -Confirm:$false -ErrorAction SilentlyContinue)
        if (-not $WhatIfPreference) {
            $way = @(Test-CniConnection @question -Detailed)
            $causes = @($way | Where-Object { $_.Cause -and $_.Verdict -eq 'Dropped' } | Sort-Object Namespace, Cause, Decision -Unique)
        }
    }
}

if ($Report -and -not $WhatIfPreference) {
    $null = Test-CniConnection @question -Path $Report -ErrorAction SilentlyContinue
}

# 4. What to answer. Mended things first, then what is left; where nothing is wrong, or nothing that can be read, that is said too.
$answers = @(
    $mended | ForEach-Object { [pscustomobject] @{ Complaint = $Complaint; State = 'Mended'; Cause = $_.Cause; Where = $_.Namespace; What = $_.Decision; Advice = $_.Repair } }
    $causes | ForEach-Object { [pscustomobject] @{ Complaint = $Complaint; State = 'Broken'; Cause = $_.Cause; Where = $_.Namespace; What = $_.Decision; Advice = $_.Repair } }
)
if (-not $causes) {
    $last = $way | Select-Object -Last 1
    $arrives = -not ($way | Where-Object Verdict -EQ 'Dropped')
    $answers += [pscustomobject] @{
        Complaint = $Complaint; State = $arrives ? 'Works' : 'Unknown'; Cause = $null; Where = $last.Namespace; What = $last.Decision
        Advice = $arrives ? 'Packets pass, there and back: look at the program that complains, and when it did.' : 'See the way with -Verbose.'
    }
}

$answers
