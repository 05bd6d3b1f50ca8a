@{
    RootModule           = 'CniPS.dll'
    RequiredAssemblies   = @('CniPS.dll') # before its types, whose properties are code of it
    ModuleVersion        = '0.1.0'
    GUID                 = '6c6f2d0e-4a57-4f0f-9a0b-2f4c2f1d7f5e'
    Author               = 'The CniPS authors'
    CompanyName          = 'The CniPS authors'
    Copyright            = '(c) The CniPS authors. MIT License.'
    Description          = 'Puts Linux containers on networks: runs CNI network configuration lists, with the reference plugins built in.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('CniPS.Format.ps1xml')
    TypesToProcess       = @('CniPS.Types.ps1xml')
    CmdletsToExport      = @(
        'Add-CniAttachment'
        'Add-CniNetworkPlugin'
        'Clear-CniNetwork'
        'Compare-CniPlan'
        'Convert-CniAttachment'
        'ConvertTo-CniJson'
        'Export-CniTopology'
        'Get-CniAttachment'
        'Get-CniDhcpLease'
        'Get-CniExposure'
        'Get-CniLease'
        'Get-CniNamespace'
        'Get-CniNetwork'
        'Get-CniNode'
        'Get-CniPlugin'
        'Get-CniPortMapping'
        'Get-CniResult'
        'Get-CniStatistic'
        'Repair-CniConnection'
        'Test-CniConnection'
        'Get-CniTrace'
        'Invoke-CniCommand'
        'Move-CniAttachment'
        'New-CniNamespace'
        'New-CniNetwork'
        'Remove-CniAttachment'
        'Remove-CniNamespace'
        'Remove-CniNetwork'
        'Remove-CniNetworkPlugin'
        'Remove-CniNode'
        'Repair-CniAttachment'
        'Resolve-CniInterface'
        'Save-CniCapture'
        'Set-CniNetwork'
        'Show-CniAttachment'
        'Start-CniDhcpService'
        'Stop-CniDhcpService'
        'Test-CniAttachment'
        'Test-CniNetwork'
        'Update-CniAttachment'
        'Watch-CniEvent'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('CNI', 'Container', 'Network', 'Kubernetes', 'Netlink', 'nftables', 'Linux', 'PSEdition_Core')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md. A package has the notes of its version here.'
        }
    }
}
