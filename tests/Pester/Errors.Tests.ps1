BeforeAll {
    . $PSScriptRoot/Common.ps1

    function Get-Failure([scriptblock] $Command) {
        $failures = (Invoke-Recorded $Command).Errors
        $failures.Count | Should -Be 1 -Because $Command
        $failures[0]
    }
}

Describe 'An error record' {
    BeforeEach {
        Clear-Machine
        Set-Location $TestDrive
        Set-Content /etc/cni/net.d/mybridge.conflist (Get-BridgeList 1.0.0)
        $null = New-CniNamespace box
    }

    It 'of a malformed configuration names file, line and column' {
        Set-Content ./bad.conflist "{`n  `"name`": `"x`",`n  `"plugins`": [ { `"type`": 5 } ]`n}"
        $failure = Get-Failure { Add-CniAttachment ./bad.conflist box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniInvalidNetworkConfig,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        $failure.ToString() | Should -BeLike "$TestDrive/bad.conflist:3:*"
        $failure.Exception | Should -BeOfType CniPS.Spec.CniException
        $failure.Exception.Position.Line | Should -Be 3

        Set-Content ./broken.conflist "{`n  `"name`": `"x`",,`n}"
        $failure = Get-Failure { Add-CniAttachment ./broken.conflist box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniInvalidJson,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'ParserError'
        $failure.ToString() | Should -BeLike "$TestDrive/broken.conflist:2:*"
    }

    It 'of a missing network suggests one' {
        $failure = Get-Failure { Add-CniAttachment mybrigde box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniNetworkNotFound,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject | Should -Be 'mybrigde'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'mybridge'
    }

    It 'of a missing file, of a missing folder' {
        (Get-Failure { Add-CniAttachment ./none.conf box }).CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Remove-Item /etc/cni/net.d/*
        $failure = Get-Failure { Add-CniAttachment mybridge box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniNoNetworkConfigurations,CniPS.Commands.AddCniAttachmentCommand'
        (Get-Failure { Get-CniNetwork -Path /nowhere }).CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-CniNetwork | Should -BeNullOrEmpty
    }

    It 'of names that are none, before anything is touched' {
        $before = Get-ChildItem /var/lib/cni, /run/netns -Recurse -Name
        $cases = @(
            { Add-CniAttachment mybridge box -ContainerId '' }
            { Add-CniAttachment mybridge box -ContainerId '../../x' }
            { Add-CniAttachment mybridge box -ContainerId 'a b' }
            { Add-CniAttachment mybridge box -Interface '' }
            { Add-CniAttachment mybridge box -Interface a/b }
            { Add-CniAttachment mybridge box -Interface much-too-long-a-name }
            { Add-CniAttachment '..' box }
            { Add-CniAttachment '' box }
            { Add-CniAttachment mybridge '..' }
            { Test-CniAttachment mybridge box -ContainerId '../x' }
            { Remove-CniAttachment mybridge -ContainerId '../x' }
            { Remove-CniAttachment mybridge box -Interface '../x' }
            { Get-CniResult mybridge -ContainerId '../x' }
            { Get-CniResult '..' -ContainerId x }
            { New-CniNetwork 'a b' 10.0.0.0/24 }
            { New-CniNamespace '..' }
            { New-CniNamespace 'a/b' }
            { Remove-CniNamespace '..' }
        )
        foreach ($case in $cases) {
            $failure = (Invoke-Recorded $case).Errors[0]
            $failure.FullyQualifiedErrorId | Should -BeLike 'CniInvalidName,CniPS.Commands.*' -Because $case
            $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        }
        Get-ChildItem /var/lib/cni, /run/netns -Recurse -Name | Should -Be $before
    }

    It 'of an attachment that is there leaves that as it is' {
        $first = Add-CniAttachment mybridge box
        $failure = Get-Failure { Add-CniAttachment mybridge box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniAttachmentExists,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        "$($failure.TargetObject)" | Should -Be 'container box, interface eth0'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Remove-CniAttachment'
        Get-Address eth0 box | Should -Be '10.15.20.2/24'
        Get-Lease mybridge | Should -Be '10.15.20.2'
        (Get-CniAttachment).Result.Json | Should -Be $first.Result.Json
        Remove-CniAttachment mybridge box
    }

    It 'of an interface that is another''s' {
        ip -n box link add eth0 type bridge
        $failure = Get-Failure { Add-CniAttachment mybridge box }
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        (Get-Link box | Where-Object ifname -EQ eth0).linkinfo.info_kind | Should -Be 'bridge'
        (Get-Link).ifname | Should -Be 'lo'
        Get-Lease mybridge | Should -BeNullOrEmpty
    }

    It 'of a bridge''s name that is taken by another kind of link' {
        ip link add cni_bridge0 type veth peer name other0
        $failure = Get-Failure { Add-CniAttachment mybridge box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniBridgeConflict,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        (Get-Link box).ifname | Should -Be 'lo'
    }

    It 'of a full range of addresses' {
        $null = New-CniNetwork tiny 10.40.0.0/30 -Bridge b40 -OutFile /etc/cni/net.d/tiny.conflist
        $null = New-CniNamespace other
        $null = Add-CniAttachment tiny box
        $failure = Get-Failure { Add-CniAttachment tiny other }
        $failure.FullyQualifiedErrorId | Should -Be 'CniAddressUnavailable,CniPS.Commands.AddCniAttachmentCommand'
        (Get-Link other).ifname | Should -Be 'lo'
        Get-Lease tiny | Should -Be '10.40.0.2'
        Remove-CniAttachment tiny box
    }

    It 'of a namespace that is not there' {
        $failure = Get-Failure { Add-CniAttachment mybridge nowhere }
        $failure.FullyQualifiedErrorId | Should -Be 'CniInvalidNamespace,CniPS.Commands.AddCniAttachmentCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Get-CniNamespace'
        Set-Content $TestDrive/file ''
        (Get-Failure { Add-CniAttachment mybridge $TestDrive/file }).FullyQualifiedErrorId | Should -BeLike 'CniInvalidNamespace,*'
    }

    It 'of a plugin keeps what the plugin said' {
        Set-Content ./plugin '#!/bin/sh
[ "$CNI_COMMAND" = ADD ] || exit 0
echo ''{"cniVersion":"1.0.0","code":123,"msg":"no luck","details":"today"}''; exit 1'
        chmod +x ./plugin
        $network = New-CniNetwork foreign -Plugin @{ type = 'plugin' }
        $failure = Get-Failure { $network | Add-CniAttachment -Namespace box -PluginPath . }
        $failure.FullyQualifiedErrorId | Should -Be 'CniPluginFailed,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'InvalidResult'
        [int] $failure.Exception.Code | Should -Be 123
        $failure.Exception.Msg | Should -Be 'no luck'
        $failure.Exception.Details | Should -Be 'today'
        $failure.Exception.PluginType | Should -Be 'plugin'
        $failure.Exception.Verb | Should -Be 'ADD'
    }

    It 'of a plugin that answers garbage, of one that hangs, of one that is missing' {
        Set-Content ./plugin "#!/bin/sh`necho garbage"
        chmod +x ./plugin
        $network = New-CniNetwork foreign -Plugin @{ type = 'plugin' }
        (Get-Failure { $network | Add-CniAttachment -Namespace box -PluginPath . }).CategoryInfo.Category | Should -BeIn 'InvalidResult', 'ParserError'

        Set-Content ./plugin "#!/bin/sh`n[ `$CNI_COMMAND = DEL ] || sleep 60"
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $failure = Get-Failure { $network | Add-CniAttachment -Namespace box -PluginPath . -Timeout 0.3 }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        $failure.FullyQualifiedErrorId | Should -Be 'CniPluginTimeout,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'OperationTimeout'

        $failure = Get-Failure { $network | Add-CniAttachment -Namespace box -PluginPath /nowhere }
        $failure.FullyQualifiedErrorId | Should -Be 'CniPluginNotFound,CniPS.Commands.AddCniAttachmentCommand'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'of an attachment that is not there' {
        $test = Invoke-Recorded { Test-CniAttachment mybridge box }
        $test.Output | Should -Be @($false)
        $test.Errors.Count | Should -Be 1
        $failure = Get-Failure { Get-CniResult mybridge box }
        $failure.FullyQualifiedErrorId | Should -Be 'CniAttachmentNotFound,CniPS.Commands.GetCniResultCommand'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Get-Failure { Remove-CniAttachment mybridge }).FullyQualifiedErrorId | Should -BeLike 'CniContainerNotGiven,*'
    }

    It 'of a broken file hides no other network' {
        Set-Content /etc/cni/net.d/00-broken.conflist '{'
        Set-Content /etc/cni/net.d/99-broken.conf '{"name":"x"}'
        $get = Invoke-Recorded { Get-CniNetwork }
        $get.Output.Name | Should -Be 'mybridge'
        $get.Output.IsDefault | Should -BeTrue
        $get.Errors.Count | Should -Be 2
        $get.Errors[0].ToString() | Should -BeLike '/etc/cni/net.d/00-broken.conflist:*'
        (Add-CniAttachment mybridge box -ErrorAction Stop).Network | Should -Be 'mybridge'
        Remove-CniAttachment mybridge box
    }

    It 'has what a person needs, whatever it is about' {
        foreach ($command in { Add-CniAttachment mybridge nowhere }, { New-CniNamespace box }, { Get-CniNamespace no }, { Get-CniNetwork no }) {
            $failure = Get-Failure $command
            $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            $failure.TargetObject | Should -Not -BeNullOrEmpty
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'What is recommended' {
    It 'names only cmdlets that there are' {
        $cmdlets = (Import-PowerShellDataFile $Manifest).CmdletsToExport
        $sources = Get-ChildItem $PSScriptRoot/../../src -Recurse -Filter *.cs | Where-Object FullName -NotMatch '/(obj|bin)/'
        # In the code, comments aside.
        $named = $sources | Select-String '\b[A-Z][A-Za-z]+-Cni[A-Z][A-Za-z]*' -AllMatches -CaseSensitive | Where-Object Line -NotMatch '^\s*//'
        @($named | Where-Object Line -Match 'RecommendedAction').Count | Should -BeGreaterThan 5
        $named | Where-Object { $_.Matches.Value | Where-Object { $_ -notin $cmdlets } } | ForEach-Object ToString | Should -BeNullOrEmpty
    }
}

Describe 'Without privileges' {
    BeforeAll {
        Clear-Machine
        $null = New-CniNamespace box
        Copy-Item $ModulePath /run/module -Recurse
        Set-Content /run/x.conflist (Get-BridgeList 1.0.0)
        $script = @'
Import-Module /run/module/CniPS.psd1
Add-CniAttachment /run/x.conflist box -CachePath /tmp/nobody-$PID -ErrorVariable e -ErrorAction SilentlyContinue
"$($e.Count) $($e[0].CategoryInfo.Category) $($e[0].ErrorDetails.RecommendedAction)"
(Get-CniNamespace).Name
(TabExpansion2 'Add-CniAttachment -Namespace b').CompletionMatches.CompletionText
(Get-CniNetwork -Path /run).Name
Get-CniAttachment -ErrorVariable e -ErrorAction SilentlyContinue
"$($e.Count) $($e[0].FullyQualifiedErrorId) $($e[0].CategoryInfo.Category) $($e[0])"
'@
        $null = New-Item -ItemType Directory /var/lib/cni/results
        chmod 700 /var/lib/cni/results
        $lines = setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all env HOME=/tmp pwsh -NoProfile -NonInteractive -Command $script
    }

    It 'says what is missing' {
        $lines[0] | Should -Match '^1 PermissionDenied Run .*root'
    }

    It 'still looks and completes' {
        $lines[1..3] | Should -Be 'box', 'box', 'mybridge'
    }

    It 'doesn''t take a cache that may not be read for an empty one' {
        $lines[4] | Should -Be (
            '1 CniPrivilegeRequired,CniPS.Commands.GetCniAttachmentCommand PermissionDenied read /var/lib/cni/results: permission denied')
    }
}
