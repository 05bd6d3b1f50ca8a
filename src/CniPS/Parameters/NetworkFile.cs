using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS;

/// <summary>Files of networks, as changes.</summary>
internal static class NetworkFile
{
    private const uint Mode = 0x1A4; // 0644

    /// <summary>Writes a network's list to a file: beside first, so that no runtime ever reads half of it.</summary>
    internal static FileWrite Write(NetworkConfigurationList list, string file) => Write(list.Bytes, file);

    internal static FileWrite Write(ReadOnlyMemory<byte> text, string file) => new(file, (byte[])[.. text.Span, (byte)'\n'], Mode);

    /// <summary>Writes a network to a new file. The folder that runtimes read is made where it is missing; no other is: it may be misspelled.</summary>
    internal static FileChange[] Create(NetworkConfigurationList list, string file, string configurationFolder)
    {
        FileWrite write = Write(list, file);
        string? folder = Path.GetDirectoryName(Path.GetFullPath(file));
        return folder == Path.TrimEndingDirectorySeparator(Path.GetFullPath(configurationFolder)) && !Directory.Exists(folder)
            ? [new FolderCreate(folder), write]
            : [write];
    }

    /// <summary>Makes changes to files.</summary>
    /// <exception cref="CniException">The kernel refused (<see cref="CniErrorIds.FileFailed"/>).</exception>
    internal static void Apply(IHost host, params IReadOnlyList<FileChange> changes)
    {
        try
        {
            host.Apply([.. changes]);
        }
        catch (ChangeException e)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.IOFailure, e.Message, innerException: e)
            {
                RecommendedAction = e.InnerException is LinuxException { IsPermission: true } ? "Run pwsh as root, or name a folder that is yours." : null,
                Target = changes[^1].Path,
            };
        }
    }

    internal static CniException Exists(string file) => new(ModuleErrorIds.FileExists, CniErrorCode.IOFailure, $"{file} is there already")
    {
        RecommendedAction = "Give -Force to overwrite it, or another name.",
        Target = file,
    };
}
