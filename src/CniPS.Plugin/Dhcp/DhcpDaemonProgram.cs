using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using CniPS.Linux.Machine;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Plugin.Dhcp;

/// <summary>The daemon of the dhcp plugin, with the options of the Go plugin's: <c>dhcp daemon</c>, by the plugin's own name, and <c>cnips dhcp daemon</c>.</summary>
internal static class DhcpDaemonProgram
{
    /// <summary>What makes the plugin's own name the daemon's.</summary>
    internal const string Word = "daemon";

    private const int Done = 0, Failed = 1, Misused = 2;

    private const UnixFileMode PidFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly DhcpServiceOptions s_defaults = new();

    private static readonly Option s_pidFile = GoOption("pidfile", "FILE", "Write the daemon's process id there.", Completes.Files);

    private static readonly Option s_hostPrefix = GoOption("hostprefix", "DIR", "Where the host's root is, for sockets and namespaces.", Completes.Files);

    private static readonly Option s_socket = GoOption("socketpath", "FILE", $"The socket [{DhcpDaemon.DefaultSocket}].", Completes.Files);

    private static readonly Option s_broadcast = GoOption("broadcast", null, "Have servers answer by broadcast.");

    private static readonly Option s_timeout = GoOption("timeout", "TIME", "How long a server's word is waited for [10s].");

    private static readonly Option s_resendMax = GoOption("resendmax", "TIME", "The longest pause between two messages [62s].");

    private static readonly Option s_resendTimeout = GoOption("resendtimeout", "TIME", "How long a first lease is tried for [208s].");

    /// <summary>Its options.</summary>
    internal static IReadOnlyList<Option> Options { get; } = [s_pidFile, s_hostPrefix, s_socket, s_broadcast, s_timeout, s_resendMax, s_resendTimeout];

    /// <summary>Where the daemon's socket is, whatever root the host has here.</summary>
    internal static string SocketOf(Arguments arguments) =>
        arguments.Get(s_hostPrefix) + (arguments.Get(s_socket) is { Length: > 0 } path ? path : DhcpDaemon.DefaultSocket);

    /// <summary>Runs it by a command line, and says what went wrong.</summary>
    /// <param name="commandLine">What stands behind <see cref="Word"/>.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(ReadOnlySpan<string> commandLine)
    {
        try
        {
            var arguments = new Arguments(commandLine, Options);
            return arguments.Positionals is [string word, ..] ? throw new UsageException($"{Word} takes no operands: {word}") : Run(arguments);
        }
        catch (UsageException e)
        {
            Print($"dhcp: {e.Message}\ncnips dhcp --help says what there is.\n");
            return Misused;
        }
        catch (CniException e)
        {
            Print($"dhcp: {e.Message}\n{(e.RecommendedAction is { } action ? $"  {action}\n" : "")}");
            return Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Print($"dhcp: {e.Message}\n");
            return Failed;
        }
    }

    /// <summary>Runs it until a signal ends it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">A value makes no sense.</exception>
    internal static int Run(Arguments arguments)
    {
        string pidFile = arguments.Get(s_pidFile) ?? "";
        if (pidFile.Length > 0 && !Path.IsPathRooted(pidFile))
        {
            throw new UsageException($"Error writing pidfile \"{pidFile}\": path not absolute");
        }

        DhcpServiceOptions options = new()
        {
            SocketPath = arguments.Get(s_socket) is { Length: > 0 } path ? path : DhcpDaemon.DefaultSocket,
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

    private static Option GoOption(string name, string? value, string help, Completes completes = Completes.Nothing) =>
        new("--" + name, value, help) { Aliases = ["-" + name], Completes = completes, TakesBoolean = value is null };

    private static void Log(string text) => Print($"{DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture)} {text}\n");

    private static void Print(string text) => StandardStreams.Write(StandardStreams.Error, Encoding.UTF8.GetBytes(text));

    private static TimeSpan Time(Arguments arguments, Option option, TimeSpan otherwise) => arguments.Get(option) is not { } text ? otherwise
        : GoDuration.TryParse(text, out TimeSpan time) && time > TimeSpan.Zero ? time
        : throw new UsageException($"{option.Name} is a time such as 10s or 1m30s, not {text}");
}
