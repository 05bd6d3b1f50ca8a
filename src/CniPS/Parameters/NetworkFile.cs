using System;
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

    /// <summary>Makes a change to a file.</summary>
    /// <exception cref="CniException">The kernel refused (<see cref="CniErrorIds.FileFailed"/>).</exception>
    internal static void Apply(IHost host, FileChange change)
    {
        try
        {
            host.Apply([change]);
        }
        catch (ChangeException e)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.IOFailure, e.Message, innerException: e)
            {
                RecommendedAction = e.InnerException is LinuxException { IsPermission: true } ? "Run pwsh as root, or name a folder that is yours." : null,
                Target = change.Path,
            };
        }
    }

    internal static CniException Exists(string file) => new(ModuleErrorIds.FileExists, CniErrorCode.IOFailure, $"{file} is there already")
    {
        RecommendedAction = "Give -Force to overwrite it, or another name.",
        Target = file,
    };
}
