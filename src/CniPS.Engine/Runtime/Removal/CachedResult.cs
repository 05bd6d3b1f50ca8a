using System;
using System.IO;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The last step of ADD: its result goes to the cache.</summary>
internal static class CachedResult
{
    private const uint FileMode = 0x180; // 0600

    /// <summary>Writes another configuration into an attachment's file; everything else in it stays.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="transaction">Writes the old one back if the operation fails after all.</param>
    /// <param name="attachment">The attachment.</param>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CniException">The kernel refused, or the file is gone.</exception>
    internal static void Reconfigure(Services services, Transaction transaction, CachedAttachment attachment, ReadOnlyMemory<byte> config)
    {
        string path = attachment.Path;
        byte[] content = services.Host.ReadFile(path) ?? throw new CniException(
            RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"{path} is gone: the attachment was removed meanwhile") { Target = path };
        JsonElement root = JsonText.Parse(content, null, "").Root;
        ReadOnlyMemory<byte> written = JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in root.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (property.Name.Equals("config", StringComparison.OrdinalIgnoreCase))
                {
                    writer.WriteBase64StringValue(config.Span);
                }
                else
                {
                    JsonBytes.Copy(writer, property.Value);
                }
            }

            writer.WriteEndObject();
        });
        Services.Apply(transaction, new FileWrite(path, written, FileMode, InPlace: !HasRoomBeside(path)) { KeepOld = true });
    }

    private static bool HasRoomBeside(string path) => Encoding.UTF8.GetByteCount(Path.GetFileName(path)) <= FileNames.Longest;

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
            Services.Apply(transaction, new FileWrite(path, content, FileMode, InPlace: !HasRoomBeside(path)) { KeepOld = true });
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
