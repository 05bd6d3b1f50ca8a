using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Main;

/// <summary>The nf_tables rules that guarded ports share. They are in use while a port is guarded.</summary>
internal sealed record SharedSpoofCheck : SharedThing
{
    internal const string KindName = "spoofCheck";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) => SpoofCheck.Unused(host.Nftables(host.Namespace), host.Namespace);

    public override bool IsGone(IHost host) => !SpoofCheck.IsThere(host.Nftables(host.Namespace));

    public override void Write(Utf8JsonWriter writer)
    {
        // There is one for all.
    }
}
