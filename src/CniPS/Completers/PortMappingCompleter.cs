using System;
using System.Globalization;

namespace CniPS.Completers;

/// <summary>Completes port mappings: a port of the host, one of the container, and the protocol.</summary>
public sealed class PortMappingCompleter : Completion
{
    private static readonly (ushort Host, ushort Container, string Protocol, string Service)[] s_usual =
    [
        (8080, 80, "tcp", "HTTP"), (8443, 443, "tcp", "HTTPS"), (2222, 22, "tcp", "SSH"), (5353, 53, "udp", "DNS"), (5432, 5432, "tcp", "PostgreSQL"),
        (6379, 6379, "tcp", "Redis"),
    ];

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        // The port of the host that is written already; of none, the usual one.
        bool isGiven = ushort.TryParse(given.Word.AsSpan(0, Math.Max(given.Word.IndexOf(':'), 0)), CultureInfo.InvariantCulture, out ushort port);
        foreach ((ushort host, ushort container, string protocol, string service) in s_usual)
        {
            ushort from = isGiven ? port : host;
            candidates.Add(
                string.Create(CultureInfo.InvariantCulture, $"{from}:{container}/{protocol}"),
                string.Create(CultureInfo.InvariantCulture, $"port {from} of the host leads to {service}, {container}/{protocol} of the container"));
        }
    }
}
