using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>
/// Makes the kernel forget the connections to a port, so that their next packet is sent where the rules of now say. Without it a UDP sender
/// that goes on would go on to where the rules of its first packet sent it. There is no undo, and none is needed.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="IsV6">The family.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The port that the sender wants.</param>
/// <param name="Address">The address that the sender wants; null for all.</param>
public sealed record ConntrackDelete(NetworkNamespace Namespace, bool IsV6, ProtocolType Protocol, ushort Port, IPAddress? Address = null)
    : NamespaceChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            string to = Address is null ? "" : $" --orig-dst {Address}";
            string protocol = Protocol.ToString().ToLowerInvariant();
            return ShellText.Inside(
                Namespace,
                string.Create(CultureInfo.InvariantCulture, $"conntrack -D -f {(IsV6 ? "ipv6" : "ipv4")} -p {protocol} --orig-port-dst {Port}{to}"));
        }
    }

    /// <inheritdoc/>
    public override string Operation => string.Create(CultureInfo.InvariantCulture, $"forget connections to port {Port}");

    internal bool Matches(ConntrackTuple tuple) =>
        tuple.Protocol == (byte)Protocol && tuple.Port == Port && (Address is null || Address.Equals(tuple.Address));

    internal override Applied Plan(PlannedWorld world) => new(this);
}
