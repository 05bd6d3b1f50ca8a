using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Sockets;
using CniPS.Diagnosis;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips trace</c>.</summary>
internal sealed class TraceCommand : RuntimeCommand
{
    private static readonly Option s_from =
        new("--from", "END", "Who sends: a container, a namespace by name or path, or host (host; with --published somebody outside).")
        {
            Choices = ["host"],
            Completes = Completes.Ends,
        };

    private static readonly Option s_to = new("--to", "END", "To whom: the same, an address, or a name (host).")
    {
        Choices = ["host"],
        Completes = Completes.Ends,
    };

    private static readonly Option s_protocol = new("--protocol", "NAME", "icmp, tcp or udp (icmp; with --port or --published tcp).")
    {
        Choices = ["icmp", "tcp", "udp"],
    };

    private static readonly Option s_port = new("--port", "PORT", "The port of TCP or UDP.");

    private static readonly Option s_published = new("--published", "PORT", "To the container that this port of the host is to lead to.");

    private static readonly Option s_noProbe = new("--no-probe", null, "Only read, and send no packet.");

    internal override string Name => "trace";

    internal override string ExitCodes => "3 it doesn't reach";

    internal override string Summary => "Follows a packet from one to another and back, and says where it dies and what mends it; exit code 3 if it does.";

    internal override string Notes =>
        """
        The way is what the kernel answers and which rules it holds: routes, neighbours, bridges, every chain of nf_tables and iptables, NAT,
        forwarding, rp_filter, MTU, listening sockets; once for each version of IP that both ends have. Unless with --no-probe, a real packet is
        sent too, and what became of it is believed before what was read. Behind the way comes each cause, with what mends it. Nothing is changed.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
        [s_from, s_to, s_protocol, s_port, s_published, s_noProbe, RuntimeSettings.CacheFolder, RuntimeSettings.Json];

    protected override int Run(Session session)
    {
        PathQuestion question = Ask(session.Arguments);
        IReadOnlyList<CachedAttachment> attachments =
            session.Runtime.Cache.List((path, reason) => session.Observer.Warn($"{path}: {reason}; the file is passed over"));
        IReadOnlyList<PathReport> reports = ConnectionDiagnosis.Follow(session.Host, attachments, question);
        session.Cancellation.ThrowIfCancellationRequested();
        if (session.Json)
        {
            JsonOutput.Print(writer => PathOutput.Write(writer, reports));
        }
        else
        {
            PathOutput.Print(reports);
        }

        return PathOutput.IsReachable(reports) ? Done : Differs;
    }

    private static PathQuestion Ask(Arguments arguments)
    {
        ushort port = Port(arguments, s_port), published = Port(arguments, s_published);
        if (published != 0 && (port != 0 || arguments.Has(s_to)))
        {
            throw new UsageException($"{s_published.Name} says where a packet goes, and so do {s_to.Name} and {s_port.Name}");
        }

        ProtocolType protocol = arguments.Get(s_protocol) switch
        {
            null or "icmp" => ProtocolType.Icmp,
            "tcp" => ProtocolType.Tcp,
            "udp" => ProtocolType.Udp,
            string other => throw new UsageException($"{s_protocol.Name} is {string.Join(", ", s_protocol.Choices)}, not {other}"),
        };
        bool sends = !arguments.Has(s_noProbe);
        return PathQuestion.Of(arguments.Get(s_from), arguments.Get(s_to), protocol, port, published) with { Probes = sends, AsksNames = sends };
    }

    private static ushort Port(Arguments arguments, Option option) =>
        arguments.Get(option) is not { } text ? (ushort)0
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? port
        : throw new UsageException($"{option.Name} is a number from 1 to 65535, not {text}");
}
