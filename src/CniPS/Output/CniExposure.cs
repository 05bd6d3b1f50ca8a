using System;
using CniPS.Exposure;
using CniPS.Facts;

namespace CniPS;

/// <summary>One thing that can be reached, or can't.</summary>
public sealed class CniExposure : IComparable<CniExposure>, IComparable
{
    internal CniExposure(ExposureFinding finding, string cachePath)
    {
        Kind = finding.Kind.ToString();
        From = finding.From;
        To = finding.To;
        State = finding.IsOpen switch { true => "Open", false => "Closed", null => "Unknown" };
        HostPort = finding.Port;
        Protocol = finding.Protocol;
        Reason = finding.Reason;
        Advice = finding.Advice;
        Network = finding.Network;
        ContainerId = finding.ContainerId;
        CachePath = cachePath;
    }

    /// <summary>What kind of thing it is: Port, Lan, Outbound, Isolation or Spoofing.</summary>
    public string Kind { get; }

    /// <summary>Who reaches: a network, a container, <c>host</c> or <c>outside</c>.</summary>
    public string From { get; }

    /// <summary>Whom: the same; of a port the container with its address and port, of spoofing the plugin or the container.</summary>
    public string To { get; }

    /// <summary>Open, Closed, or Unknown where it can't be told.</summary>
    public string State { get; }

    /// <summary>Of a port: the host's; else null.</summary>
    public ushort? HostPort { get; }

    /// <summary>Of a port: tcp, udp or sctp; else null.</summary>
    public string? Protocol { get; }

    /// <summary>By what, or why not.</summary>
    public string Reason { get; }

    /// <summary>What would close it; null where it is closed, or where that is nothing to be closed.</summary>
    public string? Advice { get; }

    /// <summary>The network that it is about; null for none.</summary>
    public string? Network { get; }

    /// <summary>The container that it is about; null for a whole network.</summary>
    public string? ContainerId { get; }

    /// <summary>The folder of the cache that was asked.</summary>
    public string CachePath { get; }

    /// <summary>By kind, then by who reaches whom.</summary>
    public int CompareTo(CniExposure? other) => other is null ? 1
        : Order.Of((Kind, other.Kind), (From, other.From), (To, other.To)) is var ends and not 0 ? ends
        : Nullable.Compare(HostPort, other.HostPort) is var ports and not 0 ? ports
        : Order.Of((Reason, other.Reason));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Who reaches whom, and whether.</summary>
    public override string ToString() => $"{Kind} {From} → {To}{(HostPort is null ? "" : $" ({HostPort}/{Protocol})")}: {State}";
}
