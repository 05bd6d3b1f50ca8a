# What the test files share. Each begins with: BeforeAll { . $PSScriptRoot/Common.ps1 }

$script:ModulePath = $env:CNIPS_MODULE ? $env:CNIPS_MODULE : (Join-Path $PSScriptRoot '../../out/CniPS')
$script:Manifest = Join-Path $ModulePath 'CniPS.psd1'
Import-Module $Manifest -ErrorAction Stop

if ($env:CNIPS_PESTER_INSIDE -ne '1') {
    throw 'These tests change the network: start them with Invoke-Suite.sh, which gives them one of their own.'
}

# The network of the walk-through, as a list of any version from 0.3.0 on.
function Get-BridgeList([string] $CniVersion, [string] $Name = 'mybridge', [bool] $Masquerade = $true, [string] $Bridge = 'cni_bridge0', [string] $More = '') {
    @"
{"cniVersion":"$CniVersion","name":"$Name","plugins":[
 {"type":"bridge","bridge":"$Bridge","isGateway":true,"ipMasq":$(([string] $Masquerade).ToLower()),
  "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}$More]}
"@
}

# The file before may have left its drive behind.
Set-Location /

# As it is at the very beginning: no named namespaces, no links but lo, no rules, no files.
function Clear-Machine {
    foreach ($ns in Get-ChildItem /run/netns -Name) { ip netns delete $ns }
    foreach ($link in Get-Link | Where-Object ifname -NE 'lo') { ip link delete $link.ifname 2> $null }
    nft flush ruleset
    foreach ($folder in '/var/lib/cni', '/run/cni') { Get-ChildItem $folder -Force -ErrorAction Ignore | Remove-Item -Recurse -Force }
    Get-ChildItem /etc/cni/net.d -Force | Remove-Item -Recurse -Force
    sysctl -qw net.ipv4.ip_forward=0
}

function Get-Link([string] $Namespace) {
    $json = $Namespace ? (ip -n $Namespace -j -d link show) : (ip -j -d link show)
    $json | ConvertFrom-Json
}

function Get-Address([string] $Interface, [string] $Namespace) {
    $json = $Namespace ? (ip -n $Namespace -j addr show dev $Interface) : (ip -j addr show dev $Interface)
    ($json | ConvertFrom-Json).addr_info | Where-Object scope -EQ 'global' | ForEach-Object { "$($_.local)/$($_.prefixlen)" }
}

function Get-Route([string] $Namespace) {
    ip -n $Namespace route show | ForEach-Object { $_.Trim() }
}

function Get-Lease([string] $Network) {
    Get-ChildItem "/var/lib/cni/networks/$Network" -Name -ErrorAction Ignore | Where-Object { $_ -match '^[0-9a-f.:]+$' }
}

# Where nf_tables name an address (not a subnet).
function Get-Rule([string] $Address) {
    nft list ruleset | Where-Object { $_ -match "(?<![\w.:])$([regex]::Escape($Address))(?![\w/:]|\.\d)" }
}

function Get-CacheFile {
    Get-ChildItem /var/lib/cni/results -Name -ErrorAction Ignore
}

# What a command says with -WhatIf: PowerShell prints that on the console only, so another pwsh runs it.
function Get-WhatIf([string] $Command) {
    $lines = pwsh -NoProfile -NonInteractive -Command "Import-Module '$Manifest'; Set-Location '$PWD'; $Command -WhatIf" 2>&1
    $lines | Where-Object { $_ -match '^What if: ' } | ForEach-Object { $_ -replace '^What if: ', '' }
}

# Runs a command, and gives what it emitted and each of its errors, terminating or not.
function Invoke-Recorded([scriptblock] $Command) {
    $ErrorActionPreference = 'Continue'
    $all = @(try { & $Command 2>&1 } catch { $_ })
    [pscustomobject] @{
        Output = @($all | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] })
        Errors = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    }
}

# What Tab offers at the end of a line.
function Complete([string] $Line) {
    (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
}
