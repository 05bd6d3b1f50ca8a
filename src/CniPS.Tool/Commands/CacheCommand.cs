using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips cache</c>.</summary>
internal sealed class CacheCommand : RuntimeCommand
{
    private const string List = "list", Show = "show", Prune = "prune";

    private static readonly Option s_config = new("--config", null, "With show: print the configuration that add was given, not the result.");

    private static readonly Option s_forget =
        new("--forget", null, "With prune: only remove the cache's files, and call no plugin. Addresses stay taken until gc.");

    internal override string Name => "cache";

    internal override string Operands => "[list|show|prune ...]";

    internal override string Summary => "Lists what the cache holds, shows a cached result or configuration, removes what is stale.";

    internal override string Notes =>
        """
        list [NETWORK]                  the attachments in the cache, with what became of them
        show NETWORK CONTAINER-ID       the result of add, or with --config what add was given
        prune [NETWORK [CONTAINER-ID]]  removes the attachments that are proven gone: del as it would have been, with the
                                        configuration in the cache, so that their addresses are given back
        """;

    internal override IReadOnlyList<Option> Options { get; } =
    [
        s_config,
        AttachmentOptions.Interface,
        s_forget,
        RuntimeSettings.CacheFolder,
        RuntimeSettings.PluginPath,
        RuntimeSettings.Source,
        RuntimeSettings.Timeout,
        .. RuntimeSettings.Telling,
    ];

    internal override IReadOnlyList<string> Choices { get; } = [List, Show, Prune];

    internal override Completes CompletesOperand(int index) => index switch
    {
        1 => Completes.CachedNetworks,
        2 => Completes.Containers,
        _ => Completes.Nothing,
    };

    protected override int Run(Session session)
    {
        IReadOnlyList<string> operands = session.Arguments.Positionals;
        string? network = operands.Count > 1 ? operands[1] : null, container = operands.Count > 2 ? operands[2] : null;
        return (operands.Count > 0 ? operands[0] : List) switch
        {
            _ when operands.Count > 3 => throw Misunderstood(),
            List when container is null => PrintAll(session, network),
            Show when network is not null && container is not null => PrintOne(session, network, container),
            Prune => PruneAll(session, network, container),
            _ => throw Misunderstood(),
        };
    }

    private UsageException Misunderstood() => new($"{Name} takes list [NETWORK], show NETWORK CONTAINER-ID, or prune [NETWORK [CONTAINER-ID]]");

    private static int PrintAll(Session session, string? network)
    {
        List<CachedState> all = ListCommand.Look(session);
        all.RemoveAll(state => network is not null && state.Attachment.Network != network);
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                ListCommand.Write(writer, all);
                writer.WriteEndObject();
            });
        }
        else
        {
            ListCommand.Print(all);
        }

        return Done;
    }

    private static int PrintOne(Session session, string network, string container)
    {
        string interfaceName = session.Arguments.Get(AttachmentOptions.Interface) ?? CnitoolDefaults.InterfaceName;
        CachedAttachment cached = session.Runtime.Cache.Find(network, container, interfaceName) ?? throw new CniException(
            RuntimeErrorIds.AttachmentNotFound,
            CniErrorCode.UnknownContainer,
            $"nothing is cached for container {container}, interface {interfaceName}, on network {network}")
        {
            Target = container,
            RecommendedAction = "Get-CniAttachment lists what is cached.",
        };
        if (session.Arguments.Has(s_config))
        {
            Terminal.Out.Line(cached.ConfigBytes.Span.TrimEnd("\r\n"u8));
        }
        else if (cached.Result is { } result)
        {
            Terminal.Out.Line(result.ToJson(indented: true));
        }

        return Done;
    }

    private static int PruneAll(Session session, string? network, string? container)
    {
        List<Exception> failures = [];
        List<CachedState> pruned = [];
        foreach (CachedState state in ListCommand.Look(session))
        {
            bool isMeant = (network ?? state.Attachment.Network) == state.Attachment.Network
                && (container ?? state.Attachment.ContainerId) == state.Attachment.ContainerId;
            if (isMeant && state.Verdict.IsGone && TryRemove(session, state.Attachment, failures))
            {
                pruned.Add(state);
            }
        }

        Tell(session, pruned);
        return failures.Count switch
        {
            0 => Done,
            1 => throw failures[0],
            _ => throw new CniException(
                RuntimeErrorIds.CollectionIncomplete,
                CniErrorCode.Internal,
                $"{failures.Count} attachments could not be removed",
                innerException: new AggregateException(failures))
            {
                RecommendedAction = $"Mend the causes and prune again; {s_forget.Name} removes the cache's files alone.",
            },
        };
    }

    private static bool TryRemove(Session session, CachedAttachment attachment, List<Exception> failures)
    {
        try
        {
            if (session.Arguments.Has(s_forget))
            {
                session.Runtime.Forget(attachment, session.Cancellation);
            }
            else
            {
                session.Runtime.Delete(attachment, session.Cancellation);
            }

            return true;
        }
        catch (CniException e)
        {
            failures.Add(e);
            return false;
        }
    }

    private static void Tell(Session session, List<CachedState> pruned)
    {
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                ListCommand.Write(writer, pruned);
                session.WriteChanges(writer);
                writer.WriteEndObject();
            });
            return;
        }

        foreach (CachedState state in pruned)
        {
            CachedAttachment one = state.Attachment;
            Terminal.Out.Line($"{(session.Plan ? "# would remove" : "removed")} {one.ContainerId} {one.InterfaceName} from {one.Network}");
        }
    }
}
