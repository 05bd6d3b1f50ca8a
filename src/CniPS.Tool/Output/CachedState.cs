using System.Text.Json;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Output;

/// <summary>An attachment in the cache, and what became of it, for a person and for a program.</summary>
/// <param name="Attachment">The attachment.</param>
/// <param name="Verdict">Alive, gone or unknown, and why.</param>
internal sealed record CachedState(CachedAttachment Attachment, Verdict Verdict)
{
    /// <summary>The headings of <see cref="AddTo"/>.</summary>
    internal static Table NewTable() => new("NETWORK", "CONTAINER", "INTERFACE", "ADDRESSES", "STATE", "NAMESPACE");

    /// <summary>Looks.</summary>
    internal static CachedState Look(LivenessJudge judge, CachedAttachment attachment) => new(attachment, judge.Judge(attachment));

    private string State => Verdict.State switch
    {
        LifeState.Alive => "alive",
        LifeState.Gone => "gone",
        _ => "unknown",
    };

    /// <summary>As a row.</summary>
    internal void AddTo(Table table) => table.Add(
        Attachment.Network, Attachment.ContainerId, Attachment.InterfaceName, Addresses(), State, Attachment.NetNS);

    /// <summary>As an object.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.Attachment(Attachment.Network, Attachment.ContainerId, Attachment.InterfaceName);
        writer.Optional("netns", Attachment.NetNS);
        writer.WriteString("state", State);
        writer.WriteString("reason", Verdict.Reason);
        writer.Optional("pod", Attachment.Args.Pod);
        writer.Optional("cniArgs", Attachment.Args.ToString());
        writer.WriteString("created", Attachment.Created);
        writer.WriteString("file", Attachment.Path);
        if (Attachment.Result is { } result)
        {
            writer.WritePropertyName("result");
            result.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private string Addresses()
    {
        string all = "";
        foreach (CniIPConfig ip in Attachment.Result?.Ips ?? [])
        {
            all += all.Length == 0 ? ip.ToString() : $",{ip}";
        }

        return all.Length == 0 ? "-" : all;
    }
}
