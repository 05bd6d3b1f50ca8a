using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Meta;

/// <summary>The nf_tables chains and sets that what is forwarded to containers goes through. Without an element they are unused.</summary>
internal sealed record SharedNftablesFirewall : SharedThing
{
    internal const string KindName = "firewall";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) =>
        ForwardFilter.Unused(host.Nftables(host.Namespace), host.Namespace, bridge => FirewallTargets.HasPorts(host, bridge));

    public override bool IsGone(IHost host) => !ForwardFilter.IsThere(host.Nftables(host.Namespace));

    public override void Write(Utf8JsonWriter writer)
    {
        // There is nothing to tell: what is unused is found by looking.
    }
}
