using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// The results of ADD, one file an attachment, in libcni's folder, under its names and in its format, so that either reads what the other
/// wrote (SPEC, section 3, "Adding an attachment").
/// </summary>
public sealed class ResultCache
{
    private readonly IHost _host;
    private readonly bool _separate;

    internal ResultCache(IHost host, RuntimeOptions options)
    {
        _host = host;
        _separate = options.SeparateResults;
        Folder = Path.Join(options.CacheFolder, "results");
    }

    /// <summary>Where the files lie.</summary>
    public string Folder { get; }

    /// <summary>All attachments, sorted by file name. Files that can't be read, or are none of libcni's, are passed over.</summary>
    /// <param name="skipped">Is told of each file that is passed over: its path, and why.</param>
    /// <exception cref="CniException">The folder can't be read (<see cref="RuntimeErrorIds.CacheUnreadable"/>).</exception>
    public IReadOnlyList<CachedAttachment> List(Action<string, string>? skipped = null) => [.. Enumerate(skipped)];

    /// <summary>
    /// As <see cref="List"/>, each read when it is asked for: the first of thousands is there at once. What has gone by then is not among them.
    /// </summary>
    /// <param name="skipped">Is told of each file that is passed over: its path, and why.</param>
    /// <exception cref="CniException">The folder can't be read (<see cref="RuntimeErrorIds.CacheUnreadable"/>).</exception>
    public IEnumerable<CachedAttachment> Enumerate(Action<string, string>? skipped = null)
    {
        foreach (string name in Names())
        {
            string path = Path.Join(Folder, name);
            if (TryRead(path, skipped) is { } attachment)
            {
                yield return attachment;
            }
        }
    }

    private CachedAttachment? TryRead(string path, Action<string, string>? skipped)
    {
        try
        {
            byte[]? content = _host.ReadFile(path, own: true);
            if (content is null)
            {
                return null; // it went away in between
            }

            if (CacheEntry.TryRead(content) is { InterfaceName.Length: > 0, Network.Length: > 0 } entry)
            {
                return new CachedAttachment(entry, path);
            }

            skipped?.Invoke(path, "it is no cached result");
        }
        catch (LinuxException e)
        {
            skipped?.Invoke(path, e.Message);
        }

        return null;
    }

    /// <summary>An attachment, or null if it is not cached. What stands in the file counts, not its name, which two attachments can share.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="containerId">The container's id.</param>
    /// <param name="interfaceName">The interface's name.</param>
    /// <exception cref="CniException"><c>cache file path requires …</c>, or the file can't be read (<see cref="RuntimeErrorIds.CacheUnreadable"/>).</exception>
    public CachedAttachment? Find(string network, string containerId, string interfaceName) => Look(network, containerId, interfaceName).Attachment;

    /// <summary>The result of an attachment, in the version asked for, as libcni reads it: a file of another kind is a bare result.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="containerId">The container's id.</param>
    /// <param name="interfaceName">The interface's name.</param>
    /// <param name="cniVersion">The version; empty for 0.1.0.</param>
    /// <param name="keepUnknownFields">Whether fields that the specification doesn't know are kept.</param>
    /// <returns>The result, or null where nothing is cached.</returns>
    /// <exception cref="CniException">
    /// <c>cache file path requires …</c>, <c>decoding version from network config: …</c>, <c>failed to convert cached result to config version
    /// …</c> (<see cref="RuntimeErrorIds.CacheUnreadable"/>).
    /// </exception>
    public CniResult? FindResult(string network, string containerId, string interfaceName, string cniVersion, bool keepUnknownFields = true) =>
        ResultOf(Look(network, containerId, interfaceName), cniVersion, keepUnknownFields);

    /// <summary>As <see cref="FindResult"/>, of what was found already.</summary>
    internal static CniResult? ResultOf(CacheLookup found, string cniVersion, bool keepUnknownFields) =>
        found.Content is { } content && !found.IsForeign ? ReadResult(content, found, cniVersion, keepUnknownFields) : null;

    /// <summary>libcni's path for an attachment.</summary>
    internal string PathOf(string network, string containerId, string interfaceName)
    {
        if (network.Length == 0 || containerId.Length == 0 || interfaceName.Length == 0)
        {
            throw new CniException(
                RuntimeErrorIds.CacheUnreadable,
                CniErrorCode.Internal,
                $"cache file path requires network name ({GoText.Quote(network)}), container ID ({GoText.Quote(containerId)}), and interface name ({GoText.Quote(interfaceName)})");
        }

        return Path.Join(Folder, $"{network}-{containerId}-{interfaceName}");
    }

    /// <summary>Where an attachment's result is, or would be written.</summary>
    internal CacheLookup Look(string network, string containerId, string interfaceName)
    {
        string path = PathOf(network, containerId, interfaceName);
        if (!_separate)
        {
            byte[]? content = Read(path);
            return new CacheLookup(path, content, content is null ? null : CacheEntry.TryRead(content), IsForeign: false);
        }

        bool tooLong = Encoding.UTF8.GetByteCount(path) - Encoding.UTF8.GetByteCount(Folder) - 1 > 255;
        CacheLookup first = tooLong ? new CacheLookup(path, null, null, IsForeign: true) : Look(path, network, containerId, interfaceName);
        if (!first.IsForeign && first.Content is not null)
        {
            return first;
        }

        // libcni's name is another's, or was when ours was written, or is too long for a file: ours is beside it, where only its content
        // tells what it is.
        string beside = Path.Join(Folder, FileNames.Hash($"{network},{containerId},{interfaceName}"));
        return first.IsForeign || _host.FileExists(beside) ? Look(beside, network, containerId, interfaceName) : first;
    }

    /// <summary>What is there now, of what was found before: the same, read again only where the file is another one by now.</summary>
    internal CacheLookup LookAgain(CacheLookup found, string network, string containerId, string interfaceName) =>
        found.Content is { } content && Read(found.Path) is { } now && now.AsSpan().SequenceEqual(content) ? found : Look(network, containerId, interfaceName);

    private CacheLookup Look(string path, string network, string containerId, string interfaceName)
    {
        byte[]? content = Read(path);
        if (content is null)
        {
            return new CacheLookup(path, null, null, IsForeign: false);
        }

        CacheEntry? entry = CacheEntry.TryRead(content);
        bool unnamed = entry is null || entry.Network.Length == 0 || entry.InterfaceName.Length == 0;
        bool own = entry is not null && entry.Is(network, containerId, interfaceName);
        return new CacheLookup(path, content, own ? entry : null, IsForeign: !unnamed && !own);
    }

    private IReadOnlyList<string> Names()
    {
        try
        {
            return [.. _host.ListFiles(Folder).Where(name => !BesideFile.Is(name))];
        }
        catch (LinuxException e)
        {
            throw Unreadable(Folder, e);
        }
    }

    private byte[]? Read(string path)
    {
        try
        {
            return _host.ReadFile(path, own: true);
        }
        catch (LinuxException e) when (e.IsNoFile)
        {
            return []; // something is there, and it is no result: a symbolic link, a folder
        }
        catch (LinuxException e)
        {
            throw Unreadable(path, e);
        }
    }

    private static CniException Unreadable(string path, LinuxException e) =>
        new(RuntimeErrorIds.CacheUnreadable, CniErrorCode.IOFailure, e.Message, innerException: e)
        {
            Target = path,
            RecommendedAction = e.IsPermission ? "Run as root, or name a cache folder that is yours (-CachePath)." : null,
        };

    private static CniResult ReadResult(byte[] content, CacheLookup found, string cniVersion, bool keepUnknownFields)
    {
        try
        {
            if (found.Entry is { Result: { ValueKind: JsonValueKind.Object } read })
            {
                return Convert(CniResult.Parse(read, null, keepUnknownFields), cniVersion);
            }

            JsonText text = JsonText.Parse(content, null, "decoding version from network config: ");
            JsonFields fields = new(text.Root, ignoreCase: true);
            bool wrapped = fields.TryGet("kind", out _, out JsonElement kind) && kind.ValueKind == JsonValueKind.String
                && kind.GetString() == "cniCacheV1";
            CniResult result = !wrapped ? CniResult.Parse(text.Root, null, keepUnknownFields)
                : fields.TryGet("result", out _, out JsonElement json) ? CniResult.Parse(json, null, keepUnknownFields)
                : CniResult.Parse("{}"u8.ToArray());
            return Convert(result, cniVersion);
        }
        catch (CniException e)
        {
            throw new CniException(RuntimeErrorIds.CacheUnreadable, e.Code, e.Msg, e.Details, e)
            {
                Target = found.Path,
                RecommendedAction = "Remove the attachment (DEL sets the file aside), and add it again.",
            };
        }
    }

    private static CniResult Convert(CniResult result, string cniVersion)
    {
        try
        {
            return result.ConvertTo(cniVersion);
        }
        catch (CniException e)
        {
            throw new CniException(e.ErrorId, e.Code, $"failed to convert cached result to config version {GoText.Quote(cniVersion)}: {e.Msg}", e.Details, e);
        }
    }
}

/// <summary>What is at an attachment's place in the cache.</summary>
/// <param name="Path">The place.</param>
/// <param name="Content">The file's content; null where there is none.</param>
/// <param name="Entry">The content, read, if it is this attachment's; else the file is a bare result or unreadable, or another's.</param>
/// <param name="IsForeign">Whether the file is another attachment's.</param>
internal readonly record struct CacheLookup(string Path, byte[]? Content, CacheEntry? Entry, bool IsForeign)
{
    /// <summary>The attachment, if it is this one's.</summary>
    internal CachedAttachment? Attachment => Entry is { } entry ? new CachedAttachment(entry, Path) : null;
}
