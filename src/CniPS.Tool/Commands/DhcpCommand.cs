using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using CniPS.Linux.Machine;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using CniPS.Tool.Interop;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips dhcp</c>: the daemon of the dhcp plugin, with the options of the Go plugin's; and what it keeps.</summary>
internal sealed class DhcpCommand : Command
{
    /// <summary>What makes the plugin's own name the daemon's: <c>dhcp daemon</c>.</summary>
    internal const string Daemon = "daemon";

    private const string List = "list";

    private const UnixFileMode PidFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly DhcpServiceOptions s_defaults = new();

    private static readonly Option s_pidFile = GoOption("pidfile", "FILE", "Write the daemon's process id there.", Completes.Files);

    private static readonly Option s_hostPrefix = GoOption("hostprefix", "DIR", "Where the host's root is, for sockets and namespaces.", Completes.Files);

    private static readonly Option s_socket = GoOption("socketpath", "FILE", $"The socket [{DhcpDaemon.DefaultSocket}].", Completes.Files);

    private static readonly Option s_broadcast = GoOption("broadcast", null, "Have servers answer by broadcast.");

    private static readonly Option s_timeout = GoOption("timeout", "TIME", "How long a server's word is waited for [10s].");

    private static readonly Option s_resendMax = GoOption("resendmax", "TIME", "The longest pause between two messages [62s].");

    private static readonly Option s_resendTimeout = GoOption("resendtimeout", "TIME", "How long a first lease is tried for [208s].");

    internal override string Name => "dhcp";

    internal override string Operands => "<daemon|list>";

    internal override string Summary => "Runs the daemon that gets addresses for the dhcp plugin and keeps them; lists its leases.";

    internal override string Notes =>
        """
        daemon   gets and renews leases until it is told to end (SIGTERM), which gives no lease back. It listens at a socket of its own, or
                 at the one that systemd starts it with (LISTEN_FDS). `dhcp daemon`, by the plugin's link, is the same.
        list     the leases that the daemon at the socket keeps
        TIME is written as Go writes it: 10s, 1m30s, 500ms. Options may have one hyphen.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
        [s_pidFile, s_hostPrefix, s_socket, s_broadcast, s_timeout, s_resendMax, s_resendTimeout, RuntimeSettings.Json];

    internal override IReadOnlyList<string> Choices { get; } = [Daemon, List];

    protected override int Run(Arguments arguments) => arguments.Positionals[0] switch
    {
        Daemon => RunDaemon(arguments),
        List => PrintLeases(arguments),
        string other => throw new UsageException($"{Name} takes {Daemon} or {List}, not {other}"),
    };

    private static Option GoOption(string name, string? value, string help, Completes completes = Completes.Nothing) =>
        new("--" + name, value, help) { Aliases = ["-" + name], Completes = completes, TakesBoolean = value is null };

    private static string SocketOf(Arguments arguments) => arguments.Get(s_socket) is { Length: > 0 } path ? path : DhcpDaemon.DefaultSocket;

    private static int RunDaemon(Arguments arguments)
    {
        string pidFile = arguments.Get(s_pidFile) ?? "";
        if (pidFile.Length > 0 && !Path.IsPathRooted(pidFile))
        {
            throw new UsageException($"Error writing pidfile \"{pidFile}\": path not absolute");
        }

        DhcpServiceOptions options = new()
        {
            SocketPath = SocketOf(arguments),
            HostPrefix = arguments.Get(s_hostPrefix) ?? "",
            Broadcast = arguments.Has(s_broadcast),
            Timeout = Time(arguments, s_timeout, s_defaults.Timeout),
            ResendMax = Time(arguments, s_resendMax, s_defaults.ResendMax),
            ResendTimeout = Time(arguments, s_resendTimeout, s_defaults.ResendTimeout),
        };
        using var interruption = new Interruption();
        interruption.Listen();
        using var host = new LinuxHost();
        using var service = new DhcpService(host, options, Log);
        if (pidFile.Length > 0)
        {
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            File.SetUnixFileMode(pidFile, PidFileMode);
        }

        interruption.Token.WaitHandle.WaitOne();
        service.Stop();
        if (pidFile.Length > 0)
        {
            File.Delete(pidFile);
        }

        return Done;
    }

    private static void Log(string text) => Terminal.Error.Line($"{DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture)} {text}");

    private static int PrintLeases(Arguments arguments)
    {
        string path = arguments.Get(s_hostPrefix) + SocketOf(arguments);
        IReadOnlyList<DhcpLeaseInfo> leases = DhcpDaemon.Leases(path);
        if (arguments.Has(RuntimeSettings.Json))
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartArray();
                foreach (DhcpLeaseInfo lease in leases)
                {
                    lease.WriteTo(writer);
                }

                writer.WriteEndArray();
            });
            return Done;
        }

        Table table = new("NETWORK", "CONTAINER", "INTERFACE", "STATE", "ADDRESS", "SERVER", "EXPIRES");
        foreach (DhcpLeaseInfo lease in leases)
        {
            string expires = lease.Expires?.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
            table.Add(lease.Network, lease.ContainerId, lease.Interface, lease.State.ToString().ToUpperInvariant(), lease.Address ?? "", lease.Server ?? "", expires);
        }

        table.Print(Terminal.Out);
        return Done;
    }

    private static TimeSpan Time(Arguments arguments, Option option, TimeSpan otherwise) => arguments.Get(option) is not { } text ? otherwise
        : GoDuration.TryParse(text, out TimeSpan time) && time > TimeSpan.Zero ? time
        : throw new UsageException($"{option.Name} is a time such as 10s or 1m30s, not {text}");
}
