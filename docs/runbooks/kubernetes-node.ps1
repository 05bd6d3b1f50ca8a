<#
.SYNOPSIS
Examines the networks of a Kubernetes node: what would fail, and why.
.DESCRIPTION
A pod stays in ContainerCreating, or the node is NotReady with "cni plugin not initialized". The kubelet's runtime (containerd, CRI-O) takes
the first network of a folder and runs its plugins. This looks at that folder as the runtime does, and changes nothing:

1. which network the runtime takes, and which it never will;
2. the plugins of all: are they there, and do they speak the network's version;
3. everything that is wrong in the files, with line and column;
4. what the plugins of flannel, calico and cilium need besides, which only they would complain of, at the first ADD.

It emits one object for each problem. docs/runbooks/node has the files of those three as they write them themselves, to try it with.
.PARAMETER Path
The folder of networks. Default: /etc/cni/net.d.
.PARAMETER PluginPath
The folders of plugin programs. Default: CNI_PATH, else /opt/cni/bin and /usr/lib/cni.
.PARAMETER Root
Where the node's files are, if not here: the folder on which a broken node's disk is mounted. Only step 4 looks there.
.EXAMPLE
./kubernetes-node.ps1

All problems of this node.
.EXAMPLE
./kubernetes-node.ps1 -Path ./node -Verbose | Format-List

The three kinds of files in this repository, with the steps told.
#>
[CmdletBinding()]
param(
    [string] $Path = '/etc/cni/net.d',
    [string[]] $PluginPath,
    [string] $Root = '/'
)

$ErrorActionPreference = 'Stop'
Import-Module CniPS

$plugins = $PluginPath ? @{ PluginPath = $PluginPath } : @{}

$node = $Root

# What is wrong, in one shape wherever it is found.
function ConvertTo-Finding([string] $Network, [string] $File, [string] $Problem, [string] $Advice, [string] $Severity = 'Error', [int] $Line) {
    [pscustomobject] @{ Severity = $Severity; Network = $Network; File = $File; Line = $Line; Problem = $Problem; Advice = $Advice }
}

# 1. The networks, in the runtime's order. The first one (a star in the table) is that of every pod; the others wait until its file is gone.
#    A network of an add-on that was taken out of the cluster, and whose file stayed, is the commonest cause of all.
$networks = @(Get-CniNetwork -Path $Path)
Write-Verbose ($networks | Format-Table | Out-String)
if (-not $networks) {
    $advice = 'The network add-on writes the file when its pod starts: look at that pod.'
    ConvertTo-Finding -File $Path -Problem 'there is no network: the node stays NotReady' -Advice $advice
    return
}

foreach ($idle in $networks | Where-Object { -not $_.IsDefault }) {
    $problem = "is never used: $($networks[0].Name) in $(Split-Path -Leaf $networks[0].Path) comes first"
    $advice = 'Remove the file of the one that is not wanted; names are compared as text, 05- before 10-.'
    ConvertTo-Finding -Network $idle.Name -File $idle.Path -Severity Warning -Problem $problem -Advice $advice
}

# 2. The plugins. Types are in the file, programs in the plugin folders: each is asked for its versions.
$types = $networks.Plugins | Sort-Object -Unique
Write-Verbose (Get-CniPlugin $types @plugins -ErrorAction Ignore | Format-Table | Out-String)

# 3. What is wrong in the files: a plugin that is not there, a version that one does not speak, a key that nobody reads, two networks of one
#    name, a subnet that is somebody else's. All of it at once, since a runtime tells one at a time.
foreach ($found in Test-CniNetwork -Path $Path -Detailed @plugins) {
    $what = @{ Network = $found.Network; File = $found.File; Line = $found.Line; Severity = $found.Severity }
    ConvertTo-Finding @what -Problem $found.Message -Advice $found.RecommendedAction
}

# 4. What each needs besides. These plugins are front doors of an agent: without what it provides they fail, however good the file.
function Test-Need($Network, [string] $Plugin, [string] $Needed, [string] $Advice) {
    if (-not (Test-Path (Join-Path $node $Needed))) {
        ConvertTo-Finding -Network $Network.Name -File $Network.Path -Problem "${Plugin}: there is no $Needed" -Advice $Advice
    }
}

foreach ($network in $networks) {
    foreach ($plugin in ($network.Json | ConvertFrom-Json).plugins) {
        $what = @{ Network = $network; Plugin = $plugin.type }
        switch ($plugin.type) {
            'flannel' {
                $file = $plugin.subnetFile ?? '/run/flannel/subnet.env'
                Test-Need @what -Needed $file -Advice 'flanneld writes it once it has a subnet: look at its pod.'
            }
            'calico' {
                if ($plugin.kubernetes.kubeconfig) {
                    Test-Need @what -Needed $plugin.kubernetes.kubeconfig -Advice 'The install-cni container of calico-node writes it.'
                }

                if (-not $plugin.nodename) {
                    Test-Need @what -Needed ($plugin.nodename_file ?? '/var/lib/calico/nodename') -Advice 'calico-node writes it once it is up.'
                }
            }
            'cilium-cni' {
                Test-Need @what -Needed '/var/run/cilium/cilium.sock' -Advice 'It is the agent''s: look at the cilium pod of this node.'
            }
        }
    }
}
