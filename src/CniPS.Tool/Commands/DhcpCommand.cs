using System.Collections.Generic;
using System.Globalization;
using CniPS.Plugin.Dhcp;
using CniPS.Plugin.Options;
using CniPS.Plugins.Ipam;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips dhcp</c>: the daemon of the dhcp plugin, and what it keeps.</summary>
internal sealed class DhcpCommand : Command
{
    private const string List = "list";

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

    internal override IReadOnlyList<Option> Options { get; } = [.. DhcpDaemonProgram.Options, RuntimeSettings.Json];

    internal override IReadOnlyList<string> Choices { get; } = [DhcpDaemonProgram.Word, List];

    protected override int Run(Arguments arguments) => arguments.Positionals[0] switch
    {
        DhcpDaemonProgram.Word => DhcpDaemonProgram.Run(arguments),
        List => PrintLeases(arguments),
        string other => throw new UsageException($"{Name} takes {DhcpDaemonProgram.Word} or {List}, not {other}"),
    };

    private static int PrintLeases(Arguments arguments)
    {
        IReadOnlyList<DhcpLeaseInfo> leases = DhcpDaemon.Leases(DhcpDaemonProgram.SocketOf(arguments));
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
}
