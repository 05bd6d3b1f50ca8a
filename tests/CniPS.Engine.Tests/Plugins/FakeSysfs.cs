using System;
using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>A real machine with devices of a test's in /sys.</summary>
internal sealed class FakeSysfs(IHost real) : DelegatingHost(real)
{
    /// <summary>What is in its folders.</summary>
    internal Dictionary<string, string[]> Entries { get; } = [];

    /// <summary>Where its symbolic links lead.</summary>
    internal Dictionary<string, string> Links { get; } = [];

    public override bool FileExists(string path) =>
        path.StartsWith("/sys/", StringComparison.Ordinal) ? IsThere(path) : base.FileExists(path);

    public override IReadOnlyList<string> ListEntries(string folder) => Entries.GetValueOrDefault(folder, []);

    public override string? ReadSymbolicLink(string path) => Links.GetValueOrDefault(path);

    private bool IsThere(string path)
    {
        foreach (string folder in Entries.Keys)
        {
            if (folder == path || folder.StartsWith(path + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
