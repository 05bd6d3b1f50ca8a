using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Meta;

/// <summary>A property of the interface that tuning sets: what it is to be, what it is, and the change that makes it so.</summary>
/// <param name="Subject">The property, for a person.</param>
/// <param name="Wanted">What it is to be.</param>
/// <param name="Actual">What it is.</param>
/// <param name="Message">The Go program's sentence where the two differ.</param>
/// <param name="Change">What makes it so, with its undo.</param>
internal sealed record TuningChange(string Subject, string Wanted, string Actual, string Message, LinkSet Change)
{
    /// <summary>Everything that a configuration says of the interface, in the order in which it is set.</summary>
    internal static IEnumerable<TuningChange> Of(TuningConfiguration wanted, NetworkNamespace ns, Link link)
    {
        LinkSet set = new(ns, link.Id);
        if (wanted.Mac is { } mac)
        {
            yield return new(
                $"MAC of {link.Name}", mac.ToString(), $"{link.Mac}", $"Error: Tuning configured Ethernet of {link.Name} is {mac}, current value is {link.Mac}",
                set with { Mac = mac, Undo = link.Mac is null ? null : set with { Mac = link.Mac } });
        }

        if (wanted.Promiscuous)
        {
            yield return new(
                $"promiscuous mode of {link.Name}", "on", OnOff(link.IsPromiscuous),
                $"Error: Tuning link {link.Name} configured promisc is true, current value is {(link.IsPromiscuous ? 1 : 0)}",
                set with { Promiscuous = true, Undo = set with { Promiscuous = link.IsPromiscuous } });
        }

        if (wanted.Mtu != 0)
        {
            yield return new(
                $"MTU of {link.Name}", $"{wanted.Mtu}", $"{link.Mtu}", $"Error: Tuning configured MTU of {link.Name} is {wanted.Mtu}, current value is {link.Mtu}",
                set with { Mtu = wanted.Mtu, Undo = set with { Mtu = link.Mtu } });
        }

        if (wanted.AllMulticast is { } all)
        {
            yield return new(
                $"all-multicast mode of {link.Name}", OnOff(all), OnOff(link.IsAllMulticast),
                $"Error: Tuning configured all-multicast mode of {link.Name} is {Word(all)}, current value is {Word(link.IsAllMulticast)}",
                set with { AllMulticast = all, Undo = set with { AllMulticast = link.IsAllMulticast } });
        }

        if (wanted.TransmitQueueLength is { } length)
        {
            yield return new(
                $"transmit queue of {link.Name}", $"{length}", $"{link.TransmitQueueLength}",
                $"Error: Tuning configured Transmit Queue Length of {link.Name} is {length}, current value is {link.TransmitQueueLength}",
                set with { TransmitQueueLength = length, Undo = set with { TransmitQueueLength = link.TransmitQueueLength } });
        }
    }

    private static string OnOff(bool value) => value ? "on" : "off";

    private static string Word(bool value) => value ? "true" : "false";
}
