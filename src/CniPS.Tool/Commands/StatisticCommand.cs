using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Observation;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips stat</c>.</summary>
internal sealed class StatisticCommand : RuntimeCommand
{
    private static readonly Option s_container =
        new("--container-id", "ID", "Only this container's.") { Completes = Completes.Containers };

    private static readonly Option s_interface =
        new("--ifname", "NAME", "Only this interface's.") { Short = "-i", Completes = Completes.Interfaces };

    private static readonly Option s_byNetwork = new("--by-network", null, "Sum up what is of one network.");

    private static readonly Option s_interval = new("--interval", "SECONDS", "Wait so long, and print what passed in a second (1 with --follow).");

    private static readonly Option s_follow = new("--follow", null, "Go on after each interval, until Ctrl+C (also --continuous).")
    {
        Short = "-f",
        Aliases = ["--continuous"],
    };

    internal override string Name => "stat";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Prints what attachments or networks have received and sent, or what passes in a second.";

    internal override string Notes =>
        """
        Of the networks named, or of all: from the container's point of view, since its interface was made; with --interval, a second.
        An attachment whose interface is not where its result says is left out. CONNECTIONS are those that the host keeps track of.
        With --follow, --json prints an object a line.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
        [s_container, s_interface, s_byNetwork, s_interval, s_follow, RuntimeSettings.CacheFolder, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.CachedNetworks;

    protected override int Run(Session session)
    {
        TimeSpan? interval = session.Arguments.Get(s_interval) is { } text ? ParseInterval(text)
            : session.Arguments.Has(s_follow) ? TimeSpan.FromSeconds(1)
            : null;
        TrafficMeter meter = new(new TrafficReader(session.Host, Wanted(session)), session.Arguments.Has(s_byNetwork));
        if (interval is not { } time)
        {
            Print(session, meter.Read());
            return Done;
        }

        foreach (IReadOnlyList<TrafficReading> readings in meter.ReadEach(time, session.Cancellation))
        {
            Print(session, readings);
            if (!session.Arguments.Has(s_follow) || StandardStreams.HasLeft)
            {
                break;
            }
        }

        return Done;
    }

    private static List<CachedAttachment> Wanted(Session session)
    {
        List<CachedAttachment> all = [];
        HashSet<string> missing = [.. session.Arguments.Positionals], networks = [.. missing];
        string? container = session.Arguments.Get(s_container), interfaceName = session.Arguments.Get(s_interface);
        foreach (CachedAttachment cached in session.Runtime.Cache.List((path, reason) => session.Observer.Warn($"{path}: {reason}; the file is passed over")))
        {
            missing.Remove(cached.Network);
            if ((networks.Count == 0 || networks.Contains(cached.Network)) && (container ?? cached.ContainerId) == cached.ContainerId
                && (interfaceName ?? cached.InterfaceName) == cached.InterfaceName)
            {
                all.Add(cached);
            }
        }

        foreach (string network in missing)
        {
            session.Observer.Warn($"network {network} has no attachments in the cache");
        }

        return all;
    }

    private static TimeSpan ParseInterval(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{s_interval.Name} is a number of seconds, not {text}");

    private static void Print(Session session, IReadOnlyList<TrafficReading> readings)
    {
        if (!session.Json)
        {
            TrafficOutput.Print(readings, session.Arguments.Has(s_byNetwork));
        }
        else if (session.Arguments.Has(s_follow))
        {
            foreach (TrafficReading reading in readings)
            {
                JsonOutput.PrintLine(writer => TrafficOutput.Write(writer, reading));
            }
        }
        else
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("statistics");
                foreach (TrafficReading reading in readings)
                {
                    TrafficOutput.Write(writer, reading);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }
    }
}
