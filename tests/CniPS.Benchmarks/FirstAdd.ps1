# What somebody waits for who starts pwsh for one ADD: prints the time of Import-Module and that of the first ADD, in nanoseconds.
using namespace System.Diagnostics
param([string] $Module, [string] $Network, [string] $Cache)

$ErrorActionPreference = 'Stop'
$start = [Stopwatch]::GetTimestamp()
Import-Module $Module
$imported = [Stopwatch]::GetTimestamp()
$null = Add-CniAttachment -Network $Network -Namespace c0 -CachePath $Cache
$added = [Stopwatch]::GetTimestamp()
Remove-CniAttachment -Network $Network -Namespace c0 -CachePath $Cache
[Console]::Out.WriteLine("$($imported - $start) $($added - $imported)")
