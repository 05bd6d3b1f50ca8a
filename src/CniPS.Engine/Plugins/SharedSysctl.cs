using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>
/// A kernel parameter of the host that was switched on for all: forwarding. Earlier versions wrote down that they had, and switched it off when
/// they saw nobody who needs it; it is only read any more, and stays on (<see cref="Main.Forwarding"/>).
/// </summary>
/// <param name="Name">Below /proc/sys, with slashes.</param>
/// <param name="Old">The value it had.</param>
/// <param name="New">The value it was given.</param>
internal sealed record SharedSysctl(string Name, string Old, string New) : SharedThing
{
    internal const string KindName = "sysctl";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) => [];

    public override bool IsGone(IHost host) => true; // so that it is forgotten

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("name", Name);
        writer.WriteString("old", Old);
        writer.WriteString("new", New);
    }

    internal static SharedSysctl Read(JsonElement json) =>
        new(json.GetProperty("name").GetString()!, json.GetProperty("old").GetString()!, json.GetProperty("new").GetString()!);
}
