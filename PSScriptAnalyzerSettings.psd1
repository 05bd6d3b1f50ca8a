@{
    Severity     = @('Error', 'Warning', 'Information')
    IncludeRules = @('*')
    # Pester's blocks see the variables of the blocks around them, which the rule does not know.
    ExcludeRules = @('PSUseDeclaredVarsMoreThanAssignments')
    Rules        = @{
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('7.4') }
        PSUseConsistentIndentation = @{ Enable = $true; Kind = 'space'; IndentationSize = 4 }
        PSUseConsistentWhitespace  = @{ Enable = $true; CheckOperator = $false }
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true }
        PSPlaceCloseBrace          = @{ Enable = $true; NewLineAfter = $false; IgnoreOneLineBlock = $true }
        PSAvoidLongLines           = @{ Enable = $true; MaximumLineLength = 160 }
    }
}
