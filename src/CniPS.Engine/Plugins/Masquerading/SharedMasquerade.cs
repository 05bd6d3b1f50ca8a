using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins;

/// <summary>The nf_tables chains that masquerading shares. Whatever no address goes to is unused.</summary>
/// <param name="Subnet">The subnet whose chain was made.</param>
internal sealed record SharedMasquerade(IpPrefix Subnet) : SharedThing
{
    internal const string KindName = "masquerade";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) => Masquerade.Unused(host.Nftables(host.Namespace), host.Namespace);

    public override bool IsGone(IHost host) => !Masquerade.IsThere(host.Nftables(host.Namespace));

    public override void Write(Utf8JsonWriter writer) => writer.WriteString("subnet", Subnet.ToString());

    internal static SharedMasquerade Read(JsonElement json) => new(IpPrefix.Parse(json.GetProperty("subnet").GetString()!));
}
