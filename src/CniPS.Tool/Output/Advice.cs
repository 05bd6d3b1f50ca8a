using System;

namespace CniPS.Tool.Output;

/// <summary>The engine's advice, which names cmdlets and their parameters, for a person at a shell.</summary>
internal static class Advice
{
    private static readonly (string Cmdlet, string Command)[] s_words =
    [
        ("Add-CniAttachment", "cnips add"),
        ("Test-CniAttachment -Detailed", "cnips check"),
        ("Test-CniAttachment", "cnips check"),
        ("Remove-CniAttachment", "cnips del"),
        ("Update-CniAttachment", "cnips update"),
        ("Repair-CniAttachment", "cnips check --verbose"),
        (" -Recreate", "; where that names nothing, cnips del, then cnips add"),
        ("Get-CniAttachment", "cnips list attachments"),
        ("Get-CniNetwork", "cnips list networks"),
        ("Get-CniResult", "cnips cache show"),
        ("Get-CniPlugin", "cnips version"),
        ("Test-CniNetwork -Status", "cnips status"),
        ("Test-CniNetwork", "cnips validate"),
        ("Clear-CniNetwork", "cnips gc"),
        ("Start-CniDhcpService", "cnips dhcp daemon"),
        ("Get-CniNamespace", "ip netns list"),
        ("New-CniNamespace", "ip netns add"),
        ("Remove-CniNamespace", "ip netns delete"),
        ("Invoke-CniCommand", "ip netns exec"),
        ("-PluginPath", "--cni-path"),
        ("-PluginSource NativeFirst", "--plugin-source native-first"),
        ("-PluginSource Native", "--plugin-source native"),
        ("-PluginSource Path", "--plugin-source path"),
        ("-PluginSource", "--plugin-source"),
        ("-CachePath", "--cache-dir"),
        ("-Timeout", "--timeout"),
        ("address to -To.", "address to --to."),
        ("another -Interface", "another --ifname"),
        ("-ContainerId", "--container-id"),
        ("-Network ", ""), // an operand
        ("-PortMapping", "--capability-args, portMappings"),
        ("-CapabilityArgs", "--capability-args"),
        ("-CniArgs", "--args"),
        ("-Force (--force)", "--force"),
        ("-WhatIf", "--plan"),
        ("-Keep", "--keep"),
        ("-Debug shows the calls of plugins", "--verbose shows the changes"),
    ];

    /// <summary>The same with commands and options.</summary>
    internal static string ForCommandLine(string advice)
    {
        foreach ((string cmdlet, string command) in s_words)
        {
            advice = advice.Replace(cmdlet, command, StringComparison.Ordinal);
        }

        return advice;
    }
}
