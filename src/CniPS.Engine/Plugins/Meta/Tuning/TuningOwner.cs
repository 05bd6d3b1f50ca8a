using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Meta;

/// <summary>
/// Whose a <see cref="TuningBackup"/> is, in a file of its name in the folder <c>.cnips</c> beside it: network, container and interface, a line each. The
/// Go program's own file doesn't say of which network it is, so that without this GC could never take one away.
/// </summary>
/// <param name="Network">The network's name.</param>
/// <param name="ContainerId">The container.</param>
/// <param name="InterfaceName">Its interface.</param>
internal sealed record TuningOwner(string Network, string ContainerId, string InterfaceName)
{
    private const uint FolderMode = 0x1C0, FileMode = 0x180; // 0700, 0600

    /// <summary>Who calls.</summary>
    internal static TuningOwner Of(PluginCall call) => new(call.Network, call.ContainerId, call.InterfaceName);

    /// <summary>The folder with these files.</summary>
    internal static string FolderIn(string dataFolder) => Path.Combine(dataFolder, ".cnips");

    /// <summary>The file for a backup.</summary>
    internal static string PathOf(string backup) => Path.Combine(FolderIn(Path.GetDirectoryName(backup)!), Path.GetFileName(backup));

    /// <summary>Reads a file; null where it is none of ours.</summary>
    internal static TuningOwner? Read(byte[] content) =>
        Encoding.UTF8.GetString(content).Split('\n') is [var network, var container, var name, ""] ? new TuningOwner(network, container, name) : null;

    /// <summary>What writes the file.</summary>
    internal IReadOnlyList<Change> Write(string backup)
    {
        string path = PathOf(backup);
        byte[] content = Encoding.UTF8.GetBytes($"{Network}\n{ContainerId}\n{InterfaceName}\n");
        return [new FolderCreate(Path.GetDirectoryName(path)!, FolderMode), new FileWrite(path, content, FileMode) { KeepOld = true }];
    }

    /// <summary>What GC asks of it.</summary>
    /// <param name="path">The file that says so.</param>
    internal AttachmentClaim ToClaim(string path) => new(Network)
    {
        ContainerId = ContainerId,
        InterfaceName = InterfaceName,
        Since = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero),
    };
}
