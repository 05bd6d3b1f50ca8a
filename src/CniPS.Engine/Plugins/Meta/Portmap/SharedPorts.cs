using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Meta;

/// <summary>The nf_tables chains and maps that port mappings share. Those without an element are unused.</summary>
internal sealed record SharedPorts : SharedThing
{
    internal const string KindName = "ports";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) => PortForwarding.Unused(host.Nftables(host.Namespace), host.Namespace);

    public override bool IsGone(IHost host) => !PortForwarding.IsThere(host.Nftables(host.Namespace));

    public override void Write(Utf8JsonWriter writer)
    {
        // There is nothing to tell: what is unused is found by looking.
    }
}
