using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips convert</c>.</summary>
internal sealed class ConvertCommand : RuntimeCommand
{
    private static readonly Option s_backend = new("--backend", "KIND", "Whose rules they become: iptables (as the Go plugins') or nftables.")
    {
        Choices = ["iptables", "nftables"],
    };

    private static readonly Option s_containerId =
        new("--container-id", "ID", "Only this container's.") { Completes = Completes.Containers };

    private static readonly Option s_interface = new("--ifname", "NAME", "Only this interface's.") { Short = "-i", Completes = Completes.Interfaces };

    internal override string Name => "convert";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Turns the rules of attachments into those of iptables, which the Go plugins remove, or of nftables.";

    internal override string Notes =>
        """
        Those of the attachments in the cache: of the networks named, or of all. Masquerading, ports and the firewall's rules keep working
        meanwhile: the new ones are made before the old ones go. Each attachment is a transaction; when one fails, its rules are as they
        were, and the others are gone on with. Its cached configuration names the backend from then on.
        For what is attached later, "cnips install --backend" sets one for all networks.
        """;

    internal override IReadOnlyList<Option> Options { get; } =
        [s_backend, s_containerId, s_interface, .. RuntimeSettings.Places, .. RuntimeSettings.Telling];

    internal override Completes CompletesOperand(int index) => Completes.Networks;

    protected override int Run(Session session)
    {
        RuleBackend to = RuleBackends.TryParse(session.Arguments.Get(s_backend))
            ?? throw new UsageException($"give --backend {string.Join(" or ", s_backend.Choices)}");
        List<CachedAttachment> converted = [];
        List<CniException> failures = [];
        foreach (CachedAttachment attachment in Meant(session))
        {
            try
            {
                if (session.Runtime.Convert(attachment, to, session.Cancellation).Count > 0)
                {
                    converted.Add(attachment);
                    Tell(session, attachment, to);
                }
            }
            catch (CniException e)
            {
                failures.Add(e);
            }
        }

        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, session, converted));
        }

        return failures.Count switch
        {
            0 => Done,
            1 => throw failures[0],
            _ => throw Combined(failures),
        };
    }

    private static List<CachedAttachment> Meant(Session session)
    {
        Arguments arguments = session.Arguments;
        List<CachedAttachment> meant = [];
        foreach (CachedAttachment cached in session.Runtime.Cache.List())
        {
            if ((arguments.Positionals.Count == 0 || Names(arguments, cached.Network))
                && (arguments.Get(s_containerId) ?? cached.ContainerId) == cached.ContainerId
                && (arguments.Get(s_interface) ?? cached.InterfaceName) == cached.InterfaceName)
            {
                meant.Add(cached);
            }
        }

        return meant.Count > 0 || arguments.Positionals.Count == 0
            ? meant
            : throw new CniException(
                RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"nothing is attached to {string.Join(", ", arguments.Positionals)}")
            {
                RecommendedAction = "cnips list attachments shows what is attached.",
            };
    }

    private static bool Names(Arguments arguments, string network)
    {
        foreach (string name in arguments.Positionals)
        {
            if (name == network)
            {
                return true;
            }
        }

        return false;
    }

    private static CniException Combined(List<CniException> failures) => new(
        RuntimeErrorIds.ConversionFailed,
        failures[0].Code,
        string.Join('\n', failures.ConvertAll(failure => failure.Message)),
        innerException: new AggregateException(failures))
    {
        Verb = "CONVERT",
        RecommendedAction = "Mend the causes and convert again: what is converted stays so.",
    };

    private static void Tell(Session session, CachedAttachment attachment, RuleBackend to)
    {
        if (!session.Json)
        {
            Terminal.Out.Line(
                $"{(session.Plan ? "# would convert" : "converted")} {attachment.ContainerId} {attachment.InterfaceName} on {attachment.Network} to {to.Word()}");
        }
    }

    private static void Write(Utf8JsonWriter writer, Session session, List<CachedAttachment> converted)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("converted");
        foreach (CachedAttachment attachment in converted)
        {
            writer.WriteStartObject();
            writer.Attachment(attachment.Network, attachment.ContainerId, attachment.InterfaceName);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        session.WriteChanges(writer);
        writer.WriteEndObject();
    }
}
