using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// The administrator's list of kernel parameters that tuning may set: an extended regular expression a line, any of which must be found in the key as
/// the configuration writes it. Without the file everything is allowed.
/// </summary>
internal sealed class SysctlAllowList
{
    internal const string File = "/etc/cni/tuning/allowlist.conf";

    private readonly List<string> _patterns = [];

    private SysctlAllowList(string content)
    {
        foreach (string line in content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _patterns.Add(line);
        }
    }

    /// <summary>Refuses a parameter that is not on the list.</summary>
    /// <param name="content">The file; null where there is none.</param>
    /// <param name="sysctls">What is to be set.</param>
    internal static void Check(byte[]? content, IReadOnlyList<TuningSysctl> sysctls)
    {
        if (content is null || sysctls.Count == 0)
        {
            return;
        }

        SysctlAllowList list = new(Encoding.UTF8.GetString(content));
        foreach (TuningSysctl sysctl in sysctls)
        {
            if (!list.Allows(sysctl.Key))
            {
                throw new CniException(
                    CniErrorIds.InvalidNetworkConfig,
                    CniErrorCode.InvalidNetworkConfig,
                    $"Sysctl {sysctl.Key} is not allowed. Only the following sysctls are allowed: [{string.Join(' ', list._patterns)}]")
                {
                    PluginType = "tuning",
                    Target = sysctl.Key,
                    RecommendedAction = $"Leave it out, or have the administrator add it to {File}.",
                };
            }
        }
    }

    private bool Allows(string key)
    {
        foreach (string pattern in _patterns)
        {
            try
            {
                if (PosixPattern.IsFoundIn(pattern, key))
                {
                    return true;
                }
            }
            catch (FormatException e)
            {
                throw new CniException(
                    CniErrorIds.UnreadableFile, CniErrorCode.IOFailure, $"{File}: {GoText.Quote(pattern)} can't be used: {e.Message}", innerException: e)
                {
                    PluginType = "tuning",
                    Target = File,
                    RecommendedAction = "Write one extended regular expression (POSIX) a line, such as ^net\\.ipv4\\.conf\\.[^.]*\\.arp_filter$.",
                };
            }
        }

        return false;
    }
}
