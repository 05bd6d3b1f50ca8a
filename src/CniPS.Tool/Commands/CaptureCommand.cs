using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using CniPS.Linux.Capture;
using CniPS.Observation;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Interop;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips capture</c>.</summary>
internal sealed class CaptureCommand : RuntimeCommand
{
    private const string StandardOutput = "-";

    private static readonly Option s_write = new("--write", "FILE", "Write the packets there, as pcapng; - is standard output, which has no lines then.")
    {
        Short = "-w",
        Completes = Completes.Files,
    };

    private static readonly Option s_container = new("--container-id", "ID", "Only this container's.") { Completes = Completes.Containers };

    private static readonly Option s_interface =
        new("--ifname", "NAME", "Only this interface's.") { Short = "-i", Completes = Completes.Interfaces };

    private static readonly Option s_end = new("--end", "WHICH", "Which end of the pair that leads into the container (container).")
    {
        Choices = ["container", "host", "both"],
    };

    private static readonly Option s_link = new("--link", "NAME", "Any interface instead, such as a bridge; several times for several.");

    private static readonly Option s_namespace = new("--netns", "NETNS", "Where these are, by name or path (the host).") { Completes = Completes.Namespaces };

    private static readonly Option s_filter = new("--filter", "WORDS", "Which packets: 'tcp port 80 and host 10.1.0.2'.");

    private static readonly Option s_count = new("--count", "N", "End after so many packets.") { Short = "-c" };

    private static readonly Option s_duration = new("--duration", "SECONDS", "End after so long (Ctrl+C).");

    private static readonly Option s_quiet = new("--quiet", null, "Print no line for each packet.") { Short = "-q" };

    internal override string Name => "capture";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Prints the packets of attachments, a bridge or any interface, and writes them where Wireshark and tcpdump read them.";

    internal override string Notes =>
        """
        Of the networks named, or of all; the file says of each interface whose it is, and is whole whenever it ends. What the kernel had no
        room for is told at the end. Live in Wireshark: cnips capture -w - | wireshark -k -i -
        WORDS are tcpdump's: [src|dst] host ADDRESS, net SUBNET, port NUMBER, portrange FIRST-LAST; ip, ip6, arp, tcp, udp, sctp, icmp, icmp6; not
        before a word, and and or between, without brackets. --json prints an object a line.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
    [
        s_write, s_filter, s_container, s_interface, s_end, s_link, s_namespace, s_count, s_duration, s_quiet, RuntimeSettings.CacheFolder, RuntimeSettings.Json,
    ];

    internal override Completes CompletesOperand(int index) => Completes.CachedNetworks;

    protected override int Run(Session session)
    {
        Arguments arguments = session.Arguments;
        PacketFilter? filter = ParseFilter(arguments.Get(s_filter));
        long? count = arguments.Get(s_count) is { } most ? (long)Math.Ceiling(Number(s_count, most)) : null;
        TimeSpan? duration = arguments.Get(s_duration) is { } seconds ? TimeSpan.FromSeconds(Number(s_duration, seconds)) : null;
        using CaptureTargets targets = new(session.Host);
        Find(session, targets);
        if (targets.All.Count == 0)
        {
            throw new CniException(RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, "there is nothing to capture")
            {
                RecommendedAction = $"cnips list attachments shows what there is; {s_link.Name} captures any interface.",
            };
        }

        string? file = arguments.Get(s_write);
        bool isTold = !arguments.Has(s_quiet) && file != StandardOutput;
        using PacketCapture capture = Open(targets.All, filter, file);
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        capture.Run(count, duration, Visit, left.Token);
        capture.End();
        session.Observer.Warn($"{capture.Packets} packets{(file is null or StandardOutput ? "" : $", in {file}")}");
        if (capture.Drops > 0)
        {
            session.Observer.Warn($"{capture.Drops} packets came faster than they could be written, and are missing: a filter makes them fewer");
        }

        session.Cancellation.ThrowIfCancellationRequested();
        return Done;

        void Visit(PacketSummary packet)
        {
            if (isTold)
            {
                Tell(session.Json, packet, targets.All[packet.Place]);
            }

            if (StandardStreams.HasLeft)
            {
                left.Cancel(); // nobody reads any more
            }
        }
    }

    private static void Find(Session session, CaptureTargets targets)
    {
        Arguments arguments = session.Arguments;
        IReadOnlyList<string> links = arguments.GetAll(s_link);
        string? place = arguments.Get(s_namespace) is { } ns ? ContainerNamespace.PathOf(ns) : null;
        if (links.Count > 0 ? arguments.Positionals.Count > 0 || arguments.Has(s_container) || arguments.Has(s_interface) || arguments.Has(s_end) : place is not null)
        {
            throw new UsageException($"{s_link.Name}, with {s_namespace.Name}, stands alone: networks, containers and ends are of attachments");
        }

        foreach (string link in links)
        {
            targets.Add(place, link);
        }

        CaptureEnd end = ParseEnd(arguments.Get(s_end));
        foreach (CachedAttachment attachment in links.Count > 0 ? [] : Wanted(session))
        {
            try
            {
                targets.Add(attachment, end);
            }
            catch (Exception e) when (KernelErrors.Of(e) is not null)
            {
                session.Observer.Warn($"{e.Message}; it is passed over");
            }
        }
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

    private static PacketCapture Open(IReadOnlyList<CaptureTarget> targets, PacketFilter? filter, string? file)
    {
        List<CapturePoint> points = [];
        List<string> labels = [];
        foreach (CaptureTarget target in targets)
        {
            points.Add(target.Point);
            labels.Add(target.Point.Label!);
        }

        string comment = $"captured by cnips capture: {string.Join(", ", labels)}";
        return file switch
        {
            null => new PacketCapture(points, filter, Stream.Null, comment),
            StandardOutput => new PacketCapture(points, filter, new BufferedStream(new StandardOutputStream(), 64 * 1024), comment),
            _ => new PacketCapture(points, filter, Path.GetFullPath(file), comment),
        };
    }

    private static void Tell(bool json, PacketSummary packet, CaptureTarget target)
    {
        if (json)
        {
            JsonOutput.PrintLine(writer => PacketOutput.Write(writer, packet, target));
        }
        else
        {
            PacketOutput.Print(Terminal.Out, packet, target);
        }
    }

    private static PacketFilter? ParseFilter(string? words)
    {
        try
        {
            return string.IsNullOrWhiteSpace(words) ? null : PacketFilter.Parse(words);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{s_filter.Name}: {e.Message}");
        }
    }

    private static CaptureEnd ParseEnd(string? text) => text switch
    {
        null or "container" => CaptureEnd.Container,
        "host" => CaptureEnd.Host,
        "both" => CaptureEnd.Both,
        _ => throw new UsageException($"{s_end.Name} is {string.Join(", ", s_end.Choices)}, not {text}"),
    };

    private static double Number(Option option, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e9
            ? number
            : throw new UsageException($"{option.Name} is a number, and more than 0, not {text}");
}
