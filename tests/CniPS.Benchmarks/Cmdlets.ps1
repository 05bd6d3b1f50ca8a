# For each line on standard input one round: ADD for every container, then DEL. Prints the times of each as one line, in nanoseconds.
using namespace System.Diagnostics
param([string] $Module, [string] $Network, [string] $Cache, [int] $Containers)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$names = 0..($Containers - 1) | ForEach-Object { "c$_" }

while ($null -ne [Console]::In.ReadLine()) {
    # The processor is brought up to speed, as it is for the other contestants: this process may have another one.
    $start = [Stopwatch]::GetTimestamp()
    while ([Stopwatch]::GetElapsedTime($start).TotalMilliseconds -lt 200) { }

    $added = foreach ($name in $names) {
        $start = [Stopwatch]::GetTimestamp()
        $null = Add-CniAttachment -Network $Network -Namespace $name -CachePath $Cache
        [Stopwatch]::GetTimestamp() - $start
    }
    $removed = foreach ($name in $names) {
        $start = [Stopwatch]::GetTimestamp()
        Remove-CniAttachment -Network $Network -Namespace $name -CachePath $Cache
        [Stopwatch]::GetTimestamp() - $start
    }
    Start-Sleep -Milliseconds 200 # the kernel finishes what DEL did not wait for
    [Console]::Out.WriteLine($added -join ' ')
    [Console]::Out.WriteLine($removed -join ' ')
}
