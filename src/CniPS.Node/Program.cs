using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Node.Membership;
using CniPS.Node.Options;
using CniPS.Node.Overlay;
using CniPS.Node.Serving;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node;

/// <summary>cnipsd: the daemon of a node in a cluster.</summary>
internal static class Program
{
    private const int Done = 0, Failed = 1, Misused = 2;

    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            SettingsReader reader = new(arguments);
            if (reader.IsHelp)
            {
                PrintHelp();
                return Done;
            }

            await RunAsync(reader.Read()).ConfigureAwait(false);
            return Done;
        }
        catch (SettingsException e)
        {
            Console.Error.WriteLine($"cnipsd: {e.Message}\ncnipsd --help says what there is.");
            return Misused;
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            Console.Error.WriteLine($"cnipsd: {e.Message}\n  {KernelErrors.Of(e)?.RecommendedAction}".TrimEnd());
            return Failed;
        }
    }

    private static async Task RunAsync(NodeSettings settings)
    {
        using CancellationTokenSource end = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }

        using LinuxHost host = new() { LockLimit = TimeSpan.FromSeconds(1) };
        if (settings.Plan)
        {
            await PlanAsync(host, settings, end.Token).ConfigureAwait(false);
            return;
        }

        using IDisposable only = LockNode(host, settings.StateFolder);
        NodeIdentity identity = NodeIdentity.Open(host, settings.StateFolder, settings.Node);
        using NodeDaemon daemon = new(host, settings, identity, Log);
        using OverlayNode? overlay = settings.Flannel is null ? null : new OverlayNode(host, settings, Log);
        if (settings.Once)
        {
            await daemon.BeatAsync(end.Token).ConfigureAwait(false);
            await (overlay?.OnceAsync(end.Token) ?? Task.CompletedTask).ConfigureAwait(false);
            Print(daemon.Blocks);
            return;
        }

        // While the store is away, the node goes on with what it has.
        Activation activation = Activation.Take();
        using QuestionServer server = QuestionServer.Open(settings.Socket, activation.Find(settings.Socket) ?? activation.Other(settings.DhcpSocket));
        Task serving = server.RunAsync(daemon.AnswerAsync, end.Token), beating = daemon.RunAsync(end.Token),
            overlaying = overlay?.RunAsync(end.Token) ?? Task.CompletedTask,
            leasing = settings.KeepsLeases ? new DhcpHost(host, settings.DhcpSocket, activation.Find(settings.DhcpSocket), Log).RunAsync(end.Token) : Task.CompletedTask;
        Readiness.Tell("READY=1");
        Log($"node {settings.Node} is at work, and listens at {settings.Socket}");
        await (overlay is null ? serving : await Task.WhenAny(serving, overlaying).ConfigureAwait(false)).ConfigureAwait(false); // it ends with either
        Readiness.Tell("STOPPING=1");
        await beating.ConfigureAwait(false);
        await overlaying.ConfigureAwait(false);
        await leasing.ConfigureAwait(false);
    }

    // Nothing is changed, neither here nor in the store.
    private static async Task PlanAsync(LinuxHost host, NodeSettings settings, CancellationToken cancellation)
    {
        PlannedHost planned = new(host);
        using OverlayNode overlay = new(planned, settings, Log);
        if (await overlay.PlanAsync(cancellation).ConfigureAwait(false) is { } put)
        {
            Console.WriteLine(put);
        }

        foreach (Change change in planned.Steps)
        {
            Console.WriteLine(change.Text);
        }
    }

    private static IDisposable LockNode(LinuxHost host, string folder)
    {
        StateFolder.Make(folder, 0x1c0); // 0700
        try
        {
            return host.LockFile(Path.Combine(folder, "lock"), exclusive: true, 0x180, CancellationToken.None); // 0600
        }
        catch (LockHeldException e)
        {
            throw new CniException(CniErrorIds.ClusterDaemonRuns, CniErrorCode.IOFailure, $"another cnipsd works with {folder}: {e.Message}", innerException: e)
            {
                RecommendedAction = "Stop it, or give this one a node and folders of its own (--node, --state, --socket).",
            };
        }
    }

    private static void Print(IReadOnlyList<ClusterBlock> blocks)
    {
        foreach (ClusterBlock block in blocks)
        {
            Console.WriteLine($"{block.Network}  {block.Block}  {block.State}  {block.Used} in use{(block.Owner is null ? "" : $"  by the store {block.Owner}'s")}");
        }
    }

    private static void Log(string text) =>
        Console.Error.WriteLine($"{DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture)} {text}");

    private static void PrintHelp()
    {
        Console.WriteLine("cnipsd: a node's daemon, which claims blocks of addresses for the plugin cluster, keeps leases for dhcp, and takes part in flannel's network\n");
        foreach ((string name, string value, string help) in SettingsReader.Names)
        {
            Console.WriteLine($"  {$"--{name} {value}",-22}  {help}");
        }

        Console.WriteLine($"  {"--config FILE",-22}  the same as JSON [/etc/cni/cnipsd.json]");
        Console.WriteLine($"  {"--plan",-22}  print what would be changed for flannel's network, as commands, and end");
        Console.WriteLine($"  {"--once",-22}  compare the node's copy with etcd, print its blocks, and end");
        Console.WriteLine("\nAn option goes before its variable (CNIPSD_ENDPOINTS, ...), and that before the file.");
    }
}
