using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips gc</c>.</summary>
internal sealed class CollectCommand : RuntimeCommand
{
    private static readonly Option s_keep =
        new("--keep", "ID[/IFNAME]", "Keep this one; several times, or with commas, for several.") { Completes = Completes.Containers };

    private static readonly Option s_all = new("--all", null, "Keep none: remove every attachment of the network, as cnitool gc does.");

    private static readonly Option s_force =
        new("--force", "ID[/IFNAME]", "Remove this one though it can't be told whether it is gone; several times, or with commas, for several.") { Completes = Completes.Containers };

    internal override string Name => "gc";

    internal override string Operands => "<network>";

    internal override string Summary => "Removes what belongs to no attachment any more: dead ones, what killed processes left, stray addresses.";

    internal override string Notes =>
        """
        The network is a name in the folder of networks or in the cache, or a file. Without --keep, what stays is every attachment in the
        cache that is not proven gone: its interface is nowhere on this machine, and all of it could be seen. With --keep, what is named
        stays, and what can't be told (an ID alone: all its interfaces). Of what other caches know, or none, only what is proven gone and
        older than --patience goes. --plan shows what would go.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [s_keep, s_all, s_force, RuntimeSettings.Patience, .. RuntimeSettings.Places, .. RuntimeSettings.Telling];

    internal override Completes CompletesOperand(int index) => Completes.Networks;

    protected override int Run(Session session)
    {
        if (session.Arguments.Has(s_all) && session.Arguments.Has(s_keep))
        {
            throw new UsageException($"{s_keep.Name} and {s_all.Name} contradict each other");
        }

        NetworkConfigurationList network = FindNetwork(session, session.Arguments.Positionals[0]);
        IReadOnlyList<CollectedAttachment> removed = session.Runtime.CollectGarbage(
            network, Kept(session, network.Name), Named(session, network.Name, s_force), session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, session, removed));
            return Done;
        }

        foreach (CollectedAttachment attachment in removed)
        {
            Terminal.Out.Line(
                $"{(session.Plan ? "# would remove" : "removed")} {attachment.ContainerId} {attachment.InterfaceName} from {attachment.Network}"
                + (attachment.WasUnfinished ? " (unfinished)" : ""));
        }

        return Done;
    }

    // Attachments outlive their network's file.
    private static NetworkConfigurationList FindNetwork(Session session, string network)
    {
        try
        {
            return session.FindNetwork(network);
        }
        catch (CniException e) when (e.ErrorId is CniErrorIds.NetworkNotFound or CniErrorIds.NoNetworkConfigurations)
        {
            foreach (CachedAttachment cached in session.Runtime.Cache.List())
            {
                if (cached.Network == network && cached.Configuration is { } configuration)
                {
                    return configuration;
                }
            }

            throw;
        }
    }

    private static List<AttachmentKey>? Kept(Session session, string network)
    {
        Arguments arguments = session.Arguments;
        if (arguments.Has(s_all))
        {
            return [];
        }

        if (!arguments.Has(s_keep))
        {
            return null;
        }

        return Named(session, network, s_keep);
    }

    private static List<AttachmentKey> Named(Session session, string network, Option option)
    {
        List<AttachmentKey> kept = [];
        foreach (string text in string.Join(',', session.Arguments.GetAll(option)).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int slash = text.IndexOf('/');
            string id = slash < 0 ? text : text[..slash];
            CniNames.ValidateContainerId(id);
            if (slash >= 0)
            {
                CniNames.ValidateInterfaceName(text[(slash + 1)..]);
                kept.Add(new AttachmentKey(id, text[(slash + 1)..]));
            }
            else
            {
                KeepAll(session.Runtime.Cache, network, id, kept);
            }
        }

        return kept;
    }

    private static void KeepAll(ResultCache cache, string network, string containerId, List<AttachmentKey> kept)
    {
        int before = kept.Count;
        foreach (CachedAttachment cached in cache.List())
        {
            if (cached.Network == network && cached.ContainerId == containerId)
            {
                kept.Add(new AttachmentKey(containerId, cached.InterfaceName));
            }
        }

        if (kept.Count == before)
        {
            kept.Add(new AttachmentKey(containerId, CnitoolDefaults.InterfaceName)); // somebody else's cache may hold it
        }
    }

    private static void Write(Utf8JsonWriter writer, Session session, IReadOnlyList<CollectedAttachment> removed)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("removed");
        foreach (CollectedAttachment attachment in removed)
        {
            writer.WriteStartObject();
            writer.Attachment(attachment.Network, attachment.ContainerId, attachment.InterfaceName);
            writer.Optional("netns", attachment.NetNS);
            writer.WriteBoolean("unfinished", attachment.WasUnfinished);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        session.WriteChanges(writer);
        writer.WriteEndObject();
    }
}
