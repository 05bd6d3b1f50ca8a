using System;
using System.IO;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The last step of ADD: its result goes to the cache.</summary>
internal static class CachedResult
{
    private const uint FileMode = 0x180; // 0600

    /// <summary>Writes it.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="transaction">Takes the file away again if ADD fails after all.</param>
    /// <param name="list">The network.</param>
    /// <param name="attachment">What the result is of.</param>
    /// <param name="result">The result.</param>
    /// <param name="place">The file, if it has been looked for.</param>
    /// <exception cref="CniException"><see cref="RuntimeErrorIds.CacheUnwritable"/>.</exception>
    internal static void Write(
        Services services, Transaction transaction, NetworkConfigurationList list, Attachment attachment, CniResult? result, string? place)
    {
        string? path = null;
        try
        {
            path = place ?? services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName).Path;
            services.MakeFolder(services.Cache.Folder);
            ReadOnlyMemory<byte> content = CacheEntry.Write(list.Name, attachment, ListBytes.Of(list, services.Options), result);
            bool roomBeside = Encoding.UTF8.GetByteCount(Path.GetFileName(path)) <= FileNames.Longest;
            Services.Apply(transaction, new FileWrite(path, content, FileMode, InPlace: !roomBeside));
        }
        catch (CniException e)
        {
            throw new CniException(
                RuntimeErrorIds.CacheUnwritable,
                CniErrorCode.IOFailure,
                $"failed to set network {GoText.Quote(list.Name)} cached result: {e.Message}",
                innerException: e.InnerException ?? e)
            {
                Verb = "ADD",
                Target = path,
                RecommendedAction = e.RecommendedAction ?? "Name a cache folder that can be written (-CachePath).",
            };
        }
    }
}
