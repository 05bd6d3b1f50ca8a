using System;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>A change to firewalld as it runs; what is written in its configuration stays.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Source">An address with its prefix.</param>
public abstract record FirewalldChange(string Zone, string Source) : Change
{
    internal abstract Applied Apply(FirewalldView firewalld);

    private protected string Command(string option) => $"firewall-cmd --zone={ShellText.Quote(Zone)} --{option}={Source}";

    // firewalld's errors begin with their name: "ZONE_ALREADY_SET: '10.88.0.2/32' already bound to 'trusted'".
    private protected bool Call(FirewalldView firewalld, string method, params ReadOnlySpan<string> tolerated)
    {
        DBusMessage answer = firewalld.Call(Operation, method, Zone, Source);
        if (answer.Type != DBusMessage.Error)
        {
            return true;
        }

        foreach (string name in tolerated)
        {
            if (answer.Text is { } words && words.Contains(name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        throw new FirewalldException(Operation, answer.Text ?? "refused");
    }
}

/// <summary>Puts a source into a zone (addSource). One that is there already counts as put.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Source">An address with its prefix.</param>
public sealed record FirewalldSourceAdd(string Zone, string Source) : FirewalldChange(Zone, Source)
{
    /// <inheritdoc/>
    public override string Text => Command("add-source");

    /// <inheritdoc/>
    public override string Operation => $"add the address {Source} to zone {Zone}";

    internal override Applied Apply(FirewalldView firewalld) =>
        new(this, Call(firewalld, "addSource", "ZONE_ALREADY_SET") ? new FirewalldSourceRemove(Zone, Source) : null);

    internal override bool? IsSo(PlannedWorld world) => world.Firewalld.HasSource(Zone, Source);

    internal override Applied Plan(PlannedWorld world) =>
        new(this, world.Firewalld.Set(Zone, Source, true) ? new FirewalldSourceRemove(Zone, Source) : null);
}

/// <summary>Takes a source out of a zone (removeSource). One that isn't there counts as taken out, and so does every one of a zone that isn't.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Source">An address with its prefix.</param>
public sealed record FirewalldSourceRemove(string Zone, string Source) : FirewalldChange(Zone, Source)
{
    /// <inheritdoc/>
    public override string Text => Command("remove-source");

    /// <inheritdoc/>
    public override string Operation => $"remove the address {Source} from zone {Zone}";

    internal override Applied Apply(FirewalldView firewalld) =>
        new(this, Call(firewalld, "removeSource", "UNKNOWN_SOURCE", "INVALID_ZONE") ? new FirewalldSourceAdd(Zone, Source) : null);

    internal override bool? IsSo(PlannedWorld world) => !world.Firewalld.HasSource(Zone, Source);

    internal override Applied Plan(PlannedWorld world) =>
        new(this, world.Firewalld.Set(Zone, Source, false) ? new FirewalldSourceAdd(Zone, Source) : null);
}
