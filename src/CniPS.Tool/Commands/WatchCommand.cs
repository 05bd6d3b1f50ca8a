using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using CniPS.Linux.Namespaces;
using CniPS.Observation;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips watch</c>.</summary>
internal sealed class WatchCommand : RuntimeCommand
{
    private static readonly Option s_container = new("--container-id", "ID", "Only this container's.") { Completes = Completes.Containers };

    private static readonly Option s_namespace = new("--netns", "NETNS", "Watch this namespace alone, by name or path; several times for several.")
    {
        Completes = Completes.Namespaces,
    };

    private static readonly Option s_kind = new("--kind", "KIND", "Only events of this kind; several times for several.")
    {
        Choices = ["link", "address", "route", "neighbour", "rule", "lease", "attachment"],
    };

    private static readonly Option s_count = new("--count", "N", "End after so many events.") { Short = "-c" };

    private static readonly Option s_timeout = new("--timeout", "SECONDS", "End after so long (Ctrl+C).");

    internal override string Name => "watch";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Prints what comes, changes and goes: links, addresses, routes, neighbours, rules, leases, attachments.";

    internal override string Notes =>
        """
        Of the networks named, or of everything: in the host's namespace and those of the attachments, from the kernel's own notices and
        the folders of the cache and of host-local. Nothing is missed: what the kernel had no room for is said to be lost, read again, and
        what differs follows. --json prints an object a line. The kernel says nothing of rules of iptables-legacy.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
        [s_kind, s_container, s_namespace, s_count, s_timeout, RuntimeSettings.CacheFolder, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.CachedNetworks;

    protected override int Run(Session session)
    {
        Arguments arguments = session.Arguments;
        TimeSpan? limit = arguments.Get(s_timeout) is { } seconds ? TimeSpan.FromSeconds(Number(s_timeout, seconds)) : null;
        double left = arguments.Get(s_count) is { } count ? Math.Ceiling(Number(s_count, count)) : double.PositiveInfinity;
        List<EventKind> kinds = [];
        foreach (string kind in arguments.GetAll(s_kind))
        {
            kinds.Add(ParseKind(kind));
        }

        List<string> namespaces = [];
        foreach (string ns in arguments.GetAll(s_namespace))
        {
            namespaces.Add(ContainerNamespace.PathOf(ns));
        }

        HashSet<string> networks = [.. arguments.Positionals];
        string? container = arguments.Get(s_container);
        EventSelection selection = new()
        {
            Kinds = kinds,
            Network = networks.Count == 0 ? null : networks.Contains,
            Container = container is null ? null : one => one == container,
            Namespace = namespaces.Count == 0 ? null : namespaces.Contains,
        };
        using EventWatch watch = new(
            session.Host, session.Runtime.Cache, session.Options.CacheFolder, [LeaseInventory.DefaultDataFolder], selection);
        foreach (ObservedEvent told in watch.Watch(limit, session.Cancellation))
        {
            if (session.Json)
            {
                JsonOutput.PrintLine(writer => Write(writer, told));
            }
            else
            {
                Print(told);
            }

            if (--left <= 0 || StandardStreams.HasLeft)
            {
                break;
            }
        }

        return Done;
    }

    private static EventKind ParseKind(string text)
    {
        int place = ((List<string>)[.. s_kind.Choices]).IndexOf(text);
        return place >= 0 ? (EventKind)place : throw new UsageException($"{s_kind.Name} is {string.Join(", ", s_kind.Choices)}, not {text}");
    }

    private static double Number(Option option, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e9
            ? number
            : throw new UsageException($"{option.Name} is a number, and more than 0, not {text}");

    private static string Word(EventKind kind) => (int)kind < s_kind.Choices.Count ? s_kind.Choices[(int)kind] : "overrun";

    private static string Word(EventAction action) => action switch
    {
        EventAction.Added => "added",
        EventAction.Changed => "changed",
        EventAction.Removed => "removed",
        _ => "lost",
    };

    private static void Print(ObservedEvent told)
    {
        Terminal terminal = Terminal.Out;
        string sign = told.Action switch
        {
            EventAction.Added => terminal.Good("+"),
            EventAction.Removed => terminal.Bad("-"),
            EventAction.Lost => terminal.Bad("!"),
            _ => "~",
        };
        string time = told.Time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string whose = told.ContainerId is null ? told.Network ?? "-" : told.Network is null ? told.ContainerId : $"{told.Network}/{told.ContainerId}";
        string place = told.NetNS is { } path ? NamedNamespaces.NameOf(path) ?? path : "host";
        string was = told is { Old: { } old, New: not null } ? terminal.Dim($" (was: {old})") : "";
        terminal.Line($"{time} {sign} {Word(told.Kind),-10} {place,-12} {whose,-20} {told.New ?? told.Old ?? told.Subject}{was}");
    }

    private static void Write(Utf8JsonWriter writer, ObservedEvent told)
    {
        writer.WriteStartObject();
        writer.WriteString("time", told.Time);
        writer.WriteString("kind", Word(told.Kind));
        writer.WriteString("action", Word(told.Action));
        writer.Optional("network", told.Network);
        writer.Optional("containerId", told.ContainerId);
        writer.Optional("ifname", told.Interface);
        writer.Optional("netns", told.NetNS);
        writer.WriteString("subject", told.Subject);
        writer.Optional("old", told.Old);
        writer.Optional("new", told.New);
        writer.WriteEndObject();
    }
}
