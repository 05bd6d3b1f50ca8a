<#
.SYNOPSIS
Runs a CI job on networks that are thrown away, however the job ends.
.DESCRIPTION
An integration test wants a few hosts that talk to each other, and a machine that is afterwards as it was before: when the test fails, when
somebody presses Ctrl+C, and when the runner kills it. This makes a namespace for each name, puts them on a network of their own, runs the
job, and clears away.

Nothing of the machine's own is used: files are in a temporary folder, the bridge and the namespaces have names with the number of this
process, and the subnet is one that nobody has.

A process that is killed (SIGKILL) can clear nothing away; so the next job first clears what belongs to processes that are gone.
.PARAMETER Name
The hosts that the job needs.
.PARAMETER Job
What to run. It gets a table: a host's name leads to its Namespace and IPAddress.
.PARAMETER Subnet
Subnets to choose from: the first one that nobody has.
.PARAMETER Root
The folder for the folders of jobs. Default: cnips-jobs in the temporary one.
.EXAMPLE
./ci-job.ps1 server, client {
    param($Machine)
    $server = Start-Process ip "netns exec $($Machine.server.Namespace) python3 -m http.server 8080" -PassThru
    Start-Sleep 1
    Invoke-CniCommand $Machine.client.Namespace -- curl -sf "http://$($Machine.server.IPAddress):8080/"
    $server.Kill()
}
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [string[]] $Name,
    [Parameter(Mandatory, Position = 1)]
    [scriptblock] $Job,
    [string[]] $Subnet = (200..250 | ForEach-Object { "10.99.$_.0/24" }),
    [string] $Root = (Join-Path ([IO.Path]::GetTempPath()) 'cnips-jobs')
)

begin {
    $ErrorActionPreference = 'Stop'
    Import-Module CniPS

    # Takes away all that the job of a process made. Its folder goes last, so that what is interrupted is finished by the next one.
    function Clear-Job([int] $Process) {
        $folder = Join-Path $Root $Process
        $file = Join-Path $folder 'net.conflist'
        if (Test-Path $file) {
            Get-CniNamespace "job$Process-*" | Remove-CniNamespace
            Clear-CniNetwork $file -CachePath $folder -Keep @() -Confirm:$false | ForEach-Object { Write-Verbose "removed $_" }
        }

        Remove-Item $folder -Recurse -Force -ErrorAction Ignore
    }
}

process {
    # 1. What earlier jobs have left: those whose process is gone.
    foreach ($left in Get-ChildItem $Root -Directory -Name -ErrorAction Ignore | Where-Object { -not (Get-Process -Id $_ -ErrorAction Ignore) }) {
        Write-Verbose "job $left was killed: clearing away what it left"
        Clear-Job $left
    }

    # 2. A network of our own: of the subnets, the first with which Test-CniNetwork finds nothing wrong.
    $folder = New-Item -ItemType Directory -Force (Join-Path $Root $PID)
    $network = foreach ($candidate in $Subnet) {
        $made = New-CniNetwork "job$PID" -Subnet $candidate -Bridge "job$PID" -IsGateway -DataDir "$folder/leases"
        if (Test-CniNetwork $made -ErrorAction Ignore) {
            $made
            break
        }
    }

    if (-not $network) {
        throw "Each of the subnets is somebody's already: $($Subnet -join ', ')."
    }

    $network = $network | ForEach-Object { New-CniNetwork -Json $_.Json -OutFile "$folder/net.conflist" }

    # 3. The hosts, all at once.
    $machines = @{}
    foreach ($machine in $Name) {
        $attachment = New-CniNamespace "job$PID-$machine" | Add-CniAttachment "$folder/net.conflist" -CachePath $folder
        $machines[$machine] = [pscustomobject] @{ Namespace = $attachment.Namespace; IPAddress = $attachment.IPAddress }
    }

    # 4. The job.
    & $Job $machines
}

clean {
    # 5. However it ended: a clean block runs after success, after an error, and after Ctrl+C.
    Clear-Job $PID
}
