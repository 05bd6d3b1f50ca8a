using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An attachment as the result cache holds it, with what ADD was given.</summary>
public sealed class CachedAttachment
{
    private readonly Lazy<NetworkConfigurationList?> _configuration;
    private readonly Lazy<CniResult?> _result;

    internal CachedAttachment(CacheEntry entry, string path)
    {
        Entry = entry;
        Path = path;
        _configuration = new Lazy<NetworkConfigurationList?>(ParseConfiguration);
        _result = new Lazy<CniResult?>(ParseResult);
    }

    /// <summary>The network's name.</summary>
    public string Network => Entry.Network;

    /// <summary>The container's id.</summary>
    public string ContainerId => Entry.ContainerId;

    /// <summary>The interface's name inside the container.</summary>
    public string InterfaceName => Entry.InterfaceName;

    /// <summary>
    /// The path of the container's network namespace at the time of ADD; empty if it was not given. libcni writes it down only since version 1.2:
    /// before that it stands in the result, as the interface's sandbox.
    /// </summary>
    public string NetNS => Entry.NetNS.Length > 0 ? Entry.NetNS : Sandbox();

    /// <summary>CNI_ARGS of ADD.</summary>
    public CniArgs Args => Entry.Args;

    /// <summary>The capability arguments of ADD.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> CapabilityArgs => Entry.CapabilityArgs;

    /// <summary>The network configuration list with which ADD was run, as its file had it.</summary>
    public ReadOnlyMemory<byte> ConfigBytes => Entry.Config;

    /// <summary>The same, read; null if it can't be.</summary>
    public NetworkConfigurationList? Configuration => _configuration.Value;

    /// <summary>The result, in the version in which it was given; null if there was none, or it can't be read.</summary>
    public CniResult? Result => _result.Value;

    /// <summary>The cache file.</summary>
    public string Path { get; }

    /// <summary>When the attachment was made: the cache file's time.</summary>
    public DateTimeOffset Created => new(File.GetLastWriteTimeUtc(Path), TimeSpan.Zero);

    internal CacheEntry Entry { get; }

    /// <summary>Whether the result can be read, or there is none.</summary>
    internal bool IsReadable => Entry.Result.ValueKind != JsonValueKind.Object || Result is not null;

    /// <summary>What DEL or CHECK must be given for it.</summary>
    public Attachment ToAttachment() => new()
    {
        ContainerId = ContainerId,
        NetNS = NetNS,
        InterfaceName = InterfaceName,
        Args = Args,
        CapabilityArgs = CapabilityArgs,
    };

    /// <summary>What ADD must be given to have it on a network: addresses that were asked for are left out where that gives none of them.</summary>
    /// <param name="list">The network.</param>
    public Attachment ToAttachment(NetworkConfigurationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return KeptIdentity.Fit(list, ToAttachment());
    }

    /// <summary>Whether it was made with a network as that is now. Layout doesn't count, every key does.</summary>
    /// <param name="list">The network.</param>
    public bool IsMadeWith(NetworkConfigurationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return IsMadeWith(ListBytes.Of(list, RuntimeOptions.Default));
    }

    /// <summary>Whether it was made with a configuration and with the arguments of an attachment.</summary>
    internal bool IsMadeWith(ReadOnlyMemory<byte> config, Attachment attachment) => IsMadeWith(config) && HasArgumentsOf(attachment);

    /// <summary>Whether CNI_ARGS and capability arguments are those of an attachment.</summary>
    public bool HasArgumentsOf(Attachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return HasArgsOf(attachment) && HasCapabilityArgsOf(attachment);
    }

    private bool HasArgsOf(Attachment attachment)
    {
        bool same = Args.Pairs.Count == attachment.Args.Pairs.Count;
        for (int i = 0; i < Args.Pairs.Count && same; i++)
        {
            same = Args.Pairs[i].Equals(attachment.Args.Pairs[i]);
        }

        return same;
    }

    private bool HasCapabilityArgsOf(Attachment attachment)
    {
        bool same = CapabilityArgs.Count == attachment.CapabilityArgs.Count;
        for (int i = 0; i < CapabilityArgs.Count && same; i++)
        {
            same = CapabilityArgs[i].Key == attachment.CapabilityArgs[i].Key && JsonMeaning.Same(CapabilityArgs[i].Value, attachment.CapabilityArgs[i].Value);
        }

        return same;
    }

    private bool IsMadeWith(ReadOnlyMemory<byte> config)
    {
        try
        {
            if (config.Span.SequenceEqual(ConfigBytes.Span))
            {
                return true;
            }

            using JsonDocument one = JsonDocument.Parse(config), other = JsonDocument.Parse(ConfigBytes);
            return JsonMeaning.Same(one.RootElement, other.RootElement);
        }
        catch (JsonException)
        {
            return false; // no JSON: then only the same text is the same
        }
    }

    private string Sandbox()
    {
        string found = "";
        foreach (CniInterface item in Result?.Interfaces ?? [])
        {
            if (!string.IsNullOrEmpty(item.Sandbox))
            {
                found = item.Name == InterfaceName || found.Length == 0 ? item.Sandbox : found;
            }
        }

        return found;
    }

    private NetworkConfigurationList? ParseConfiguration()
    {
        try
        {
            return NetworkConfigurationList.Parse(ConfigBytes);
        }
        catch (CniException)
        {
            return null;
        }
    }

    private CniResult? ParseResult()
    {
        try
        {
            return Entry.Result.ValueKind == JsonValueKind.Object ? CniResult.Parse(Entry.Result) : null;
        }
        catch (CniException)
        {
            return null;
        }
    }
}
