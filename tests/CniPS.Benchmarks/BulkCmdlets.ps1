# Many containers through one pipeline: prints what each took of ADD, DEL, and of making and removing a namespace, in nanoseconds.
using namespace System.Diagnostics
param([string] $Module, [string] $Network, [string] $Cache, [int] $Containers)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$made = 0..($Containers - 1) | ForEach-Object { "c$_" }
$new = $made | ForEach-Object { "new$_" }

function Measure-Each([scriptblock] $Work) {
    $start = [Stopwatch]::GetTimestamp()
    $null = & $Work
    [long] ([Stopwatch]::GetElapsedTime($start).TotalNanoseconds / $Containers)
    Start-Sleep -Milliseconds 300 # the kernel finishes what it did not have to be waited for
}

# The first ones are compiled, and are none of those that are measured.
for ($i = 0; $i -lt 5; $i++) {
    $null = $made[0..39] | Add-CniAttachment -Network $Network -CachePath $Cache
    $made[0..39] | Remove-CniAttachment -Network $Network -CachePath $Cache
    $null = $new[0..39] | New-CniNamespace
    $new[0..39] | Remove-CniNamespace
    Start-Sleep -Milliseconds 150
}

$times = @(
    Measure-Each { $made | Add-CniAttachment -Network $Network -CachePath $Cache }
    Measure-Each { $made | Remove-CniAttachment -Network $Network -CachePath $Cache }
    Measure-Each { $new | New-CniNamespace }
    Measure-Each { $new | Remove-CniNamespace }
)
[Console]::Out.WriteLine($times -join ' ')
