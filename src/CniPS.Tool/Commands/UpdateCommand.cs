using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips update</c>.</summary>
internal sealed class UpdateCommand : RuntimeCommand
{
    private static readonly Option s_containerId = new("--container-id", "ID", "Only this container's.") { Completes = Completes.Containers };

    private static readonly Option s_interface = new("--ifname", "NAME", "Only this interface's.") { Short = "-i", Completes = Completes.Interfaces };

    private static readonly Option s_to = new("--to", "NETWORK", "Moves them to this network.") { Completes = Completes.Networks };

    internal override string Name => "update";

    internal override string Operands => "<network>";

    internal override string Summary => "Gives living attachments their network as it is now, or moves them to another.";

    internal override string Notes =>
        """
        Those of the attachments in the cache that were made with the network as it was. Each is taken off and added in one, with its
        address where that fits, its MAC address and its arguments. Both are planned before anything is touched; when a step fails, the
        attachment is there again as it was, and the others are gone on with. What a killed process leaves is made again by whatever comes
        next for the attachment, and by "cnips gc".
        """;

    internal override IReadOnlyList<Option> Options { get; } = [s_containerId, s_interface, s_to, .. RuntimeSettings.Places, .. RuntimeSettings.Telling];

    internal override Completes CompletesOperand(int index) => index == 0 ? Completes.Networks : Completes.Nothing;

    protected override int Run(Session session)
    {
        string[] names = [.. session.Arguments.Positionals];
        NetworkConfigurationList from = session.FindNetwork(names.Length == 1 ? names[0] : throw new UsageException("name one network"));
        NetworkConfigurationList to = session.Arguments.Get(s_to) is { } other ? session.FindNetwork(other) : from;
        List<CachedAttachment> changed = [];
        List<CniException> failures = [];
        foreach (CachedAttachment attachment in Meant(session, from, to))
        {
            try
            {
                session.Runtime.Replace(attachment, to, attachment.ToAttachment(to), session.Cancellation);
                changed.Add(attachment);
                Tell(session, attachment, to);
            }
            catch (CniException e)
            {
                failures.Add(e);
            }
        }

        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, session, changed));
        }

        return failures.Count switch { 0 => Done, 1 => throw failures[0], _ => throw Combined(failures) };
    }

    private static List<CachedAttachment> Meant(Session session, NetworkConfigurationList from, NetworkConfigurationList to)
    {
        List<CachedAttachment> meant = [];
        foreach (CachedAttachment cached in session.Runtime.Cache.List())
        {
            if (cached.Network == from.Name
                && (session.Arguments.Get(s_containerId) ?? cached.ContainerId) == cached.ContainerId
                && (session.Arguments.Get(s_interface) ?? cached.InterfaceName) == cached.InterfaceName
                && !(cached.Network == to.Name && cached.IsMadeWith(to)))
            {
                meant.Add(cached);
            }
        }

        return meant;
    }

    private static CniException Combined(List<CniException> failures) => new(
        RuntimeErrorIds.ReplaceFailed, failures[0].Code, string.Join('\n', failures.ConvertAll(failure => failure.Message)), innerException: new AggregateException(failures))
    {
        Verb = "UPDATE",
        RecommendedAction = "Mend the causes and do it again: what is changed stays so.",
    };

    private static void Tell(Session session, CachedAttachment attachment, NetworkConfigurationList to)
    {
        if (!session.Json)
        {
            string done = to.Name == attachment.Network ? "update" : "move";
            string where = to.Name == attachment.Network ? $"on {to.Name}" : $"from {attachment.Network} to {to.Name}";
            Terminal.Out.Line($"{(session.Plan ? $"# would {done}" : $"{done}d")} {attachment.ContainerId} {attachment.InterfaceName} {where}");
        }
    }

    private static void Write(Utf8JsonWriter writer, Session session, List<CachedAttachment> changed)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("changed");
        foreach (CachedAttachment attachment in changed)
        {
            writer.WriteStartObject();
            writer.WriteString("network", attachment.Network);
            writer.WriteString("containerId", attachment.ContainerId);
            writer.WriteString("ifname", attachment.InterfaceName);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        session.WriteChanges(writer);
        writer.WriteEndObject();
    }
}
