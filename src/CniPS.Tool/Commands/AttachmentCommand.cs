using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>A command on one attachment: a network, by name or file, and a namespace, by name or path.</summary>
internal abstract class AttachmentCommand : Command
{
    internal override string Operands => "<network> <netns>";

    internal override string Notes =>
        """
        The network is a name in the folder of networks, or a file; the namespace is a name (ip netns) or a path.
        An option stands before its environment variable.
        """;

    internal override IReadOnlyList<Option> Options => AttachmentOptions.All;

    protected sealed override int Run(Arguments arguments)
    {
        try
        {
            RuntimeOptions options = AttachmentOptions.ToRuntimeOptions(arguments);
            Attachment attachment = AttachmentOptions.ToAttachment(arguments.Positionals[1], arguments);
            bool plan = arguments.Has(AttachmentOptions.DryRun);
            ChangePrinter printer = new(
                plan ? Terminal.Out : Terminal.Error, showChanges: plan || arguments.Has(AttachmentOptions.Verbose));
            using var host = new LinuxHost();
            CniRuntime runtime = new(plan ? new PlannedHost(host) : host, options, printer);
            NetworkConfigurationList network = FindNetwork(arguments, attachment, runtime.Cache);
            using var interruption = new Interruption();
            interruption.Listen();
            try
            {
                return Run(runtime, network, attachment, plan, interruption.Token);
            }
            catch (OperationCanceledException)
            {
                Terminal.Error.Line("cnips: interrupted");
                return interruption.ExitCode;
            }
        }
        catch (Exception e) when (arguments.Has(AttachmentOptions.Json) && e is not UsageException)
        {
            ErrorReport.PrintJson(e);
            return Failed;
        }
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(
        CniRuntime runtime, NetworkConfigurationList network, Attachment attachment, bool plan, CancellationToken cancellation);

    /// <summary>The network as the attachment that is there already was made with, or null.</summary>
    protected virtual NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) =>
        cache.Find(network, attachment.ContainerId, attachment.InterfaceName)?.Configuration;

    private NetworkConfigurationList FindNetwork(Arguments arguments, Attachment attachment, ResultCache cache)
    {
        string network = arguments.Positionals[0];
        if (network.Contains('/') || (Path.HasExtension(network) && File.Exists(network)))
        {
            return NetworkConfigurationList.Load(network);
        }

        string folder = arguments.Get(AttachmentOptions.NetworkFolder) ?? CnitoolDefaults.ConfigurationFolder;
        return FindAttached(network, attachment, cache) ?? new NetworkConfigurationFolder(folder).Load(network, strict: false);
    }
}
