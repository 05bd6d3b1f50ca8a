# Holds the help against the cmdlets: what Get-Help says of each must be so. Needs neither root nor Invoke-Suite.sh.

BeforeDiscovery {
    Import-Module (Join-Path ($env:CNIPS_MODULE ? $env:CNIPS_MODULE : "$PSScriptRoot/../../out/CniPS") 'CniPS.psd1') -ErrorAction Stop
    $commands = (Get-Module CniPS).ExportedCmdlets.Values | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $topics = 'about_CniPS', 'about_CniPS_Errors', 'about_CniPS_Namespaces', 'about_CniPS_Planning'
}

BeforeAll {
    $script:common = [Management.Automation.PSCmdlet]::CommonParameters

    # A parameter in a parameter set, as one line: -Name <Type> required position pipeline.
    function Format-RealParameter($Parameter) {
        $type = [Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType
        $ways = @(
            if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
            if ($Parameter.ValueFromPipeline) { 'ByValue' }
        )
        $pipeline = $ways ? "True ($($ways -join ', '))" : 'False'
        $position = $Parameter.Position -lt 0 ? 'named' : $Parameter.Position
        "-$($Parameter.Name) <$($type.Name)> $($Parameter.IsMandatory) $position $pipeline"
    }

    function Format-ShownParameter($Parameter) {
        "-$($Parameter.name) <$($Parameter.type.name)> $($Parameter.required -eq 'true') $($Parameter.position) $($Parameter.pipelineInput)"
    }

    # The only values that a parameter takes, if there are only some.
    function Get-AcceptedValue($Parameter) {
        $Parameter.Attributes | Where-Object { $_ -is [ValidateSet] } | ForEach-Object ValidValues
        if ($Parameter.ParameterType.IsEnum) { [enum]::GetNames($Parameter.ParameterType) }
    }

    function Get-Text($Paragraphs) {
        ($Paragraphs | Out-String).Trim()
    }
}

Describe 'The help of <Name>' -ForEach $commands {
    BeforeAll {
        $help = Get-Help $Name -Full
        $real = @($Command.Parameters.Values | Where-Object Name -NotIn $common)
        $shown = @($help.parameters.parameter)
    }

    It 'says what it does' {
        $help.Name | Should -Be $Name
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        (Get-Text $help.description).Length | Should -BeGreaterThan 150
        Get-Text $help.alertSet | Should -Not -BeNullOrEmpty
        $help.relatedLinks.navigationLink.Count | Should -BeGreaterThan 1
    }

    It 'describes all its parameters, and no others' {
        $shown.name | Sort-Object | Should -Be ($real.Name | Sort-Object)
        foreach ($parameter in $shown) {
            Get-Text $parameter.description | Should -Match '\.$' -Because "-$($parameter.name) is to be described in sentences"
        }
    }

    It 'has the aliases, wildcards and accepted values of its parameters' {
        foreach ($parameter in $real) {
            $described = $shown | Where-Object name -EQ $parameter.Name
            $aliases = @($described.aliases -split ', ' | Where-Object { $_ -ne 'none' })
            $aliases | Sort-Object | Should -Be ($parameter.Aliases | Sort-Object) -Because "those are the aliases of -$($parameter.Name)"
            $globbing = [bool] ($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] })
            $described.globbing | Should -Be "$globbing" -Because "-$($parameter.Name) takes wildcards or not"
            $values = @($help.syntax.syntaxItem.parameter | Where-Object name -EQ $parameter.Name)[0].parameterValueGroup.parameterValue
            $values | Should -Be @(Get-AcceptedValue $parameter) -Because "those are the values of -$($parameter.Name)"
        }
    }

    It 'has its syntax' {
        $items = foreach ($item in $help.syntax.syntaxItem) { @($item.parameter | ForEach-Object { Format-ShownParameter $_ } | Sort-Object) -join "`n" }
        $sets = foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object Name -NotIn $common | ForEach-Object { Format-RealParameter $_ } | Sort-Object) -join "`n"
        }
        $items | Sort-Object | Should -BeExactly ($sets | Sort-Object)
    }

    It 'has three examples at least, each with command and explanation' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $examples) {
            $example.title | Should -Match 'Example \d+: \w+'
            $example.code | Should -Not -Match '(?m)^(PS[^\n]*>|>>) '
            Get-Text $example.remarks | Should -Match '\.$'
        }
        $examples.code -join "`n" | Should -Match $Name
        $page = Get-Content "$PSScriptRoot/../../docs/en-US/$Name.md" -Raw
        [regex]::Matches($page, '(?m)^```output$').Count | Should -BeGreaterOrEqual 2 -Because 'examples show what is printed'
    }

    It 'opens no page but its own with -Online' {
        # What opens is the first link that has an address.
        $help.relatedLinks.navigationLink.uri | Where-Object { $_ } | Select-Object -First 1 | ForEach-Object { $_ | Should -BeLike "*/$Name.md" }
    }

    It 'says what comes in and goes out' {
        $help.inputTypes.inputType | Should -Not -BeNullOrEmpty
        $types = @($help.returnValues.returnValue.type.name)
        foreach ($type in $Command.OutputType.Name) { $types | Should -Contain ($type -eq 'System.Void' ? 'None' : $type) }
    }

    It 'lists no native plugins, of which there are more every month' {
        $help | Out-String -Width 4096 | Should -Not -Match 'bridge, host-local, loopback'
    }

    It 'mentions cmdlets that there are' {
        $words = [regex]::Matches((Get-Help $Name -Full | Out-String), '\b[A-Z][a-z]+-Cni[A-Z]\w+').Value | Sort-Object -Unique
        foreach ($word in $words) { $word | Should -BeIn (Get-Module CniPS).ExportedCmdlets.Keys }
    }
}

Describe 'Help of a project that is on the web' {
    It 'has an address for -Online for every cmdlet' {
        $maker = Get-ChildItem $PSScriptRoot/../../src/CniPS/Help/bin -Recurse -Filter CniPS.Help.dll | Sort-Object LastWriteTime | Select-Object -Last 1
        dotnet exec $maker $PSScriptRoot/../../docs/en-US $TestDrive/help CniPS.dll https://example.org/cnips.git | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
        $pages = ([xml] (Get-Content $TestDrive/help/CniPS.dll-Help.xml)).helpItems.command
        $pages.Count | Should -Be (Get-Command -Module CniPS).Count
        foreach ($page in $pages) {
            $page.relatedLinks.navigationLink[0].uri | Should -Be "https://example.org/cnips/blob/main/docs/en-US/$($page.details.name.Trim()).md"
        }
    }
}

Describe 'The topic <_>' -ForEach $topics {
    It 'is found, with a short description' {
        $topic = Get-Help $_
        $topic | Should -Match "TOPIC\s+$_"
        $found = @(Get-Help about_CniPS* | Where-Object Name -EQ $_)
        $found.Count | Should -Be 1
        $found.Synopsis | Should -Match '^[A-Z].*\.$'
    }

    It 'fits a terminal' {
        $prose = (Get-Help $_) -split "`n" | Where-Object { $_ -match '^ {2,6}\S' -and $_ -notmatch '^ +(What if|VERBOSE|- http)' }
        $prose | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}

Describe 'about_CniPS' {
    It 'mentions every cmdlet' {
        $topic = Get-Help about_CniPS
        foreach ($name in (Get-Module CniPS).ExportedCmdlets.Keys) { $topic | Should -Match "\b$name\b" }
    }
}

Describe 'The README' {
    It 'has every cmdlet in its table' {
        $rows = Get-Content "$PSScriptRoot/../../README.md" | Where-Object { $_ -match '^\| `' }
        foreach ($command in (Get-Module CniPS).ExportedCmdlets.Values) {
            # As it is, or with others of its noun: `New-`, `Get-`, `Remove-CniNamespace`.
            $shortened = "``$($command.Verb)-``.*-$($command.Noun)``"
            @($rows -match "``$($command.Name)``|$shortened").Count | Should -BeGreaterOrEqual 1 -Because "$($command.Name) is to be there"
        }
    }

    It 'leads only to files that there are' {
        foreach ($page in 'README.md', 'docs/cnips.md', 'docs/runbooks/README.md') {
            $file = Resolve-Path "$PSScriptRoot/../../$page"
            $links = [regex]::Matches((Get-Content $file -Raw), '\]\((?!https?:)([^)#]+)').ForEach({ $_.Groups[1].Value })
            $links.Count | Should -BeGreaterOrEqual 1 -Because $page
            foreach ($link in $links) { Join-Path (Split-Path $file) $link | Should -Exist -Because "$page leads there" }
        }
    }
}

Describe 'about_CniPS_Errors' {
    BeforeAll {
        # Every constant of a class whose name ends in ErrorIds, in all assemblies of the module.
        $flags = [Reflection.BindingFlags] 'Public, NonPublic, Static'
        $assemblies = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in 'CniPS', 'CniPS.Engine', 'CniPS.Linux' }
        $script:ids = $assemblies.GetTypes() | Where-Object Name -Match 'ErrorIds$' | ForEach-Object { $_.GetFields($flags) } |
            Where-Object IsLiteral | ForEach-Object { $_.GetRawConstantValue() } | Sort-Object -Unique
        $script:topic = Get-Help about_CniPS_Errors
        $script:documented = [regex]::Matches($topic, '(?m)^    (Cni[A-Z]\w+)$') | ForEach-Object { $_.Groups[1].Value }
    }

    It 'has every error id there is, and no other' {
        $ids.Count | Should -BeGreaterThan 30
        $documented | Sort-Object | Should -Be $ids
    }

    It 'says of each what to do' {
        foreach ($id in $documented) {
            $topic | Should -Match "(?ms)^    $id`$.+?^        \S.+?What to do: \S.+?\.`$" -Because "$id needs advice"
        }
    }
}

Describe 'Making help out of pages' -Skip:(-not (Get-ChildItem "$PSScriptRoot/../../src/CniPS/Help/bin/*/net*/CniPS.Help.dll" -ErrorAction Ignore)) {
    BeforeAll {
        $script:maker = Get-ChildItem "$PSScriptRoot/../../src/CniPS/Help/bin/*/net*/CniPS.Help.dll" | Sort-Object LastWriteTime | Select-Object -Last 1
        $script:pages = "$PSScriptRoot/../../docs/en-US"

        # What the maker says of the pages, one of them changed.
        function Invoke-Maker([string] $Name, [scriptblock] $Change) {
            Remove-Item "$TestDrive/*" -Recurse -Force
            Copy-Item $pages "$TestDrive/pages" -Recurse
            $page = "$TestDrive/pages/$Name"
            Set-Content $page (& $Change (Get-Content $page -Raw)) -NoNewline
            $said = dotnet exec $maker "$TestDrive/pages" "$TestDrive/made" CniPS.dll 2>&1
            [pscustomobject] @{ Said = "$said".Replace("$TestDrive/pages/", ''); Code = $LASTEXITCODE; Made = Test-Path "$TestDrive/made/*" }
        }
    }

    It 'works with the pages as they are' {
        $result = Invoke-Maker 'about_CniPS.md' { $args[0] }
        $result.Said | Should -BeNullOrEmpty
        $result.Code | Should -Be 0
        Get-ChildItem "$TestDrive/made" -Name | Should -Contain 'CniPS.dll-Help.xml'
    }

    It 'refuses <What>' -ForEach @(
        @{
            What = 'a parameter without description'; Name = 'Get-CniNetwork.md'
            From = '(?s)### -Path\n.*?(?=## INPUTS)'; To = ''
            Says = 'the syntax shows -Path otherwise'
        }
        @{
            What = 'a parameter that the syntax has not'; Name = 'Get-CniNetwork.md'
            From = ' \[\[-Path\] <String>\]'; To = ''
            Says = 'the syntax has no -Path'
        }
        @{
            What = 'a syntax that is none'; Name = 'Get-CniNetwork.md'
            From = ' \[\[-Path\] <String>\]'; To = ' [-Path'
            Says = '(9): error CNIHELP: this part of the syntax is not understood: [-Path'
        }
        @{
            What = 'a section too few'; Name = 'Get-CniResult.md'
            From = '(?m)^## NOTES\n\n'; To = ''
            Says = 'here must be the heading "## NOTES"'
        }
        @{
            What = 'two examples only'; Name = 'Get-CniResult.md'
            From = '(?s)### Example 3.*(?=## PARAMETERS)'; To = ''
            Says = 'there must be 3 examples at least'
        }
        @{
            What = 'a wrong number'; Name = 'Get-CniResult.md'
            From = '### Example 2'; To = '### Example 5'
            Says = 'here must be "### Example 2: TITLE"'
        }
        @{
            What = 'an example without explanation'; Name = 'Get-CniResult.md'
            From = '(?m)^The cache has no such attachment\.\n\n'; To = ''
            Says = 'an example has code and an explanation'
        }
        @{
            What = 'yaml with another key'; Name = 'Get-CniResult.md'
            From = 'Required: True'; To = 'Mandatory: True'
            Says = 'here must be "Required:"'
        }
        @{
            What = 'code without an end'; Name = 'Get-CniResult.md'
            From = '```\n\n## INPUTS(?s).*'; To = ''
            Says = 'has no end'
        }
        @{
            What = 'a link to a page that is not there'; Name = 'about_CniPS.md'
            From = 'New-CniNetwork\.md'; To = 'Nothing.md'
            Says = '"Nothing.md" is neither https:// nor a page that is there'
        }
        @{
            What = 'a mark without an end'; Name = 'about_CniPS.md'
            From = '\*\*network\*\*'; To = '**network'
            Says = 'has no "**"'
        }
        @{
            What = 'HTML'; Name = 'about_CniPS.md'
            From = 'The bridge stays'; To = 'The <b>bridge</b> stays'
            Says = '"<" must be in code'
        }
        @{
            What = 'a table'; Name = 'about_CniPS.md'
            From = 'The bridge stays'; To = "| a | b |`nThe bridge stays"
            Says = 'this can''t be in a paragraph'
        }
        @{
            What = 'an id without text'; Name = 'about_CniPS_Errors.md'
            From = '(?s)(?<=#### CniInvalidJson\n\n).*?(?=####)'; To = ''
            Says = 'here must be some text'
        }
        @{
            What = 'a page under another name'; Name = 'about_CniPS.md'
            From = '\A# about_CniPS'; To = '# about_Other'
            Says = '(1): error CNIHELP: here must be the heading "# about_CniPS"'
        }
    ) {
        $result = Invoke-Maker $Name { $args[0] -replace $From, $To }
        $result.Code | Should -Be 1
        $result.Said | Should -Match "^$([regex]::Escape($Name))\(\d+\): error CNIHELP: "
        $result.Said | Should -Match ([regex]::Escape($Says))
        $result.Made | Should -BeFalse
    }
}
