using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Node.Flannel;
using CniPS.Spec;

namespace CniPS.Node.Overlay;

/// <summary>What a node knew of flannel's network.</summary>
/// <param name="Config">The network, as its key had it.</param>
/// <param name="Own">The node's own key.</param>
/// <param name="Leases">All keys.</param>
internal sealed record KnownNetwork(ReadOnlyMemory<byte> Config, string Own, IReadOnlyList<SubnetLease> Leases)
{
    /// <summary>The node's own subnets; null where they aren't among all.</summary>
    internal SubnetLease? OwnLease
    {
        get
        {
            foreach (SubnetLease lease in Leases)
            {
                if (lease.Key == Own)
                {
                    return lease;
                }
            }

            return null;
        }
    }
}

/// <summary>The node's own copy of flannel's network, by which it has its routes after the machine was started while etcd is away.</summary>
/// <param name="host">The machine.</param>
/// <param name="stateFolder">The node's folder.</param>
/// <param name="prefix">What flannel's keys begin with.</param>
/// <param name="clock">The time of day: how old the copy is has to outlive the machine.</param>
internal sealed class PeerCopy(IHost host, string stateFolder, string prefix, TimeProvider clock)
{
    // A key that is renewed every hour outlives that by a day: until then the subnet is this node's.
    private static readonly TimeSpan s_valid = TimeSpan.FromHours(23), s_writeEvery = TimeSpan.FromHours(1);

    private byte[]? _written;
    private DateTimeOffset _writtenAt;

    private string Path => System.IO.Path.Combine(stateFolder, "flannel.json");

    /// <summary>What was known; null where there is nothing, or it is so old that the subnet may be another node's.</summary>
    /// <exception cref="CniException">The file is none of these.</exception>
    internal KnownNetwork? Read()
    {
        if (host.ReadFile(Path, own: true) is not { } content)
        {
            return null;
        }

        JsonElement json = JsonText.Parse(content, Path, "error reading the copy of flannel's network: ").Root;
        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.DecodingFailure, $"{Path} is no copy of flannel's network: {e.Message}", innerException: e)
            {
                Target = Path,
                RecommendedAction = "Remove it: it is written anew when etcd is there.",
            };
        }
    }

    private KnownNetwork? Read(JsonElement json)
    {
        TimeSpan age = clock.GetUtcNow() - json.GetProperty("time").GetDateTimeOffset();
        if (json.GetProperty("prefix").GetString() != prefix || age < TimeSpan.Zero || age > s_valid)
        {
            return null;
        }

        List<SubnetLease> leases = [];
        foreach (JsonProperty lease in json.GetProperty("leases").EnumerateObject())
        {
            leases.Add(SubnetLease.Parse(lease.Name, Encoding.UTF8.GetBytes(lease.Value.GetRawText())));
        }

        return new KnownNetwork(Encoding.UTF8.GetBytes(json.GetProperty("config").GetRawText()), json.GetProperty("own").GetString()!, leases);
    }

    /// <summary>Writes down what the store has just said, where that is new, or the copy is older than an hour.</summary>
    internal void Write(KnownNetwork network)
    {
        byte[] content = Content(network, default).ToArray();
        DateTimeOffset now = clock.GetUtcNow();
        if (_written is not null && content.AsSpan().SequenceEqual(_written) && now - _writtenAt < s_writeEvery && now >= _writtenAt)
        {
            return;
        }

        host.Apply([new FolderCreate(stateFolder, 0x1c0), new FileWrite(Path, Content(network, now), 0x180)]); // 0700, 0600
        (_written, _writtenAt) = (content, now);
    }

    private ReadOnlyMemory<byte> Content(KnownNetwork network, DateTimeOffset time) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("prefix", prefix);
        writer.WriteString("time", time);
        writer.WritePropertyName("config");
        writer.WriteRawValue(network.Config.Span);
        writer.WriteString("own", network.Own);
        writer.WriteStartObject("leases");
        List<SubnetLease> sorted = [.. network.Leases];
        sorted.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        foreach (SubnetLease lease in sorted)
        {
            writer.WritePropertyName(lease.Key);
            writer.WriteRawValue(lease.Value.Span);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
