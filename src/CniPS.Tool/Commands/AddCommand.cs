using System.Collections.Generic;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips add</c>.</summary>
internal sealed class AddCommand : AttachmentCommand
{
    internal override string Name => "add";

    private static readonly Option s_from =
        new("--from", "FILE", "Attach many at once: a JSON object on each line, {\"netns\": \"blue\"}; - for standard input.") { Completes = Completes.Files };

    internal override string Operands => "<network> [<netns>]";

    internal override string Summary => "Attaches a container to a network, and prints the result.";

    internal override string Notes => base.Notes +
        """

        With --from there is one attachment on each line, with the keys netns, containerId, ifname, args and capabilityArgs; for each, a line
        says what came of it: {"line": 1, …, "result": …} or {"line": 1, …, "error": …}. One that fails is undone alone; the others stand.
        """;

    internal override IReadOnlyList<Option> Options => [s_from, .. base.Options];

    protected override int Run(Session session)
    {
        bool hasNamespace = session.Arguments.Positionals.Count > 1;
        if (session.Arguments.Get(s_from) is not { } file)
        {
            return hasNamespace ? base.Run(session) : throw new UsageException($"{Name} takes <network> <netns>, or <network> {s_from.Synopsis}");
        }

        if (hasNamespace)
        {
            throw new UsageException($"<netns> and {s_from.Name} contradict each other");
        }

        foreach (Option option in AttachmentOptions.All)
        {
            if (session.Arguments.Has(option))
            {
                throw new UsageException($"{option.Name} and {s_from.Name} contradict each other: each line says it for itself");
            }
        }

        return new BulkAddition(session, session.FindNetwork(session.Arguments.Positionals[0])).Run(file);
    }

    protected override int Run(Session session, NetworkConfigurationList network, Attachment attachment)
    {
        if (!session.Plan)
        {
            session.Runtime.Add(network, attachment, Tell, session.Cancellation);
            return Done;
        }

        session.Runtime.Add(network, attachment, session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                session.WriteChanges(writer);
                writer.WriteEndObject();
            });
        }

        return Done;
    }

    private static void Tell(CniResult result)
    {
        Terminal.Out.Line(result.ToJson(indented: true));
        if (StandardStreams.Lost is { } reason)
        {
            throw ErrorReport.Untold(reason, "Make room behind it, or send it elsewhere, and do it again.");
        }
    }

    // What is there already is refused, not repeated.
    protected override NetworkConfigurationList? FindAttached(string network, Attachment attachment, ResultCache cache) => null;
}
