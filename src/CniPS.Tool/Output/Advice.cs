using System;

namespace CniPS.Tool.Output;

/// <summary>The engine's advice, which names cmdlets and their parameters, for a person at a shell.</summary>
internal static class Advice
{
    private static readonly (string Cmdlet, string Command)[] s_words =
    [
        ("Add-CniAttachment", "cnips add"),
        ("Test-CniAttachment", "cnips check"),
        ("Remove-CniAttachment", "cnips del"),
        ("Get-CniNamespace", "ip netns list"),
        ("New-CniNamespace", "ip netns add"),
        ("-PluginPath", "--cni-path"),
        ("-PluginSource NativeFirst", "--plugin-source native-first"),
        ("-CachePath", "--cache-dir"),
        ("-Timeout", "--timeout"),
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
