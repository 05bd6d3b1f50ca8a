using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips list</c>.</summary>
internal sealed class ListCommand : RuntimeCommand
{
    private const string Networks = "networks", Attachments = "attachments";

    internal override string Name => "list";

    internal override string Operands => "[networks|attachments]";

    internal override string Summary => "Lists the networks of a folder, and the attachments in the cache with what became of them.";

    internal override string Notes =>
        """
        Networks are in the order in which a container runtime reads them: the first one, with a star, is its default. A file that can't be
        read is named on standard error, and hides no other. An attachment is gone when its interface is
        proven to be nowhere on this machine, and unknown when that can't be told; --json has the reason.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [RuntimeSettings.NetworkFolder, RuntimeSettings.CacheFolder, RuntimeSettings.Json];

    internal override IReadOnlyList<string> Choices { get; } = [Networks, Attachments];

    protected override int Run(Session session)
    {
        string what = session.Arguments.Positionals is [string only] ? only : "";
        if (what is not ("" or Networks or Attachments))
        {
            throw new UsageException($"{Name} takes {Operands}");
        }

        List<NetworkConfigurationList>? networks = what == Attachments ? null
            : [.. new NetworkConfigurationFolder(RuntimeSettings.FolderOf(session.Arguments)).LoadAll(session.WarnOfBrokenFile)];
        if (session.Json)
        {
            List<CachedState>? attachments = what == Networks ? null : Look(session);
            JsonOutput.Print(writer => Write(writer, networks, attachments));
            return Done;
        }

        // Networks first: not everybody may look into the cache.
        Print(networks ?? []);
        if (what != Networks && Look(session) is [_, ..] found)
        {
            if (networks is [_, ..])
            {
                Terminal.Out.Line();
            }

            Print(found);
        }

        return Done;
    }

    /// <summary>What the cache holds; what is none of its files is named on standard error.</summary>
    internal static List<CachedState> Look(Session session)
    {
        List<CachedState> all = [];
        LivenessJudge judge = new(session.Host, session.Runtime.Cache);
        foreach (CachedAttachment cached in session.Runtime.Cache.List((path, reason) => session.Observer.Warn($"{path}: {reason}; the file is passed over")))
        {
            all.Add(CachedState.Look(judge, cached));
        }

        return all;
    }

    /// <summary>Prints attachments as a table.</summary>
    internal static void Print(List<CachedState> attachments)
    {
        Table table = CachedState.NewTable();
        foreach (CachedState attachment in attachments)
        {
            attachment.AddTo(table);
        }

        table.Print(Terminal.Out);
    }

    /// <summary>Writes attachments as a list.</summary>
    internal static void Write(Utf8JsonWriter writer, List<CachedState> attachments)
    {
        writer.WriteStartArray(Attachments);
        foreach (CachedState attachment in attachments)
        {
            attachment.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private static void Print(List<NetworkConfigurationList> networks)
    {
        var table = new Table("NETWORK", "VERSION", "PLUGINS", "FILE");
        foreach (NetworkConfigurationList network in networks)
        {
            table.Add(
                network.Name + (network == networks[0] ? " *" : ""),
                network.CniVersion.Length > 0 ? network.CniVersion : "-",
                string.Join(',', TypesOf(network)),
                network.Source ?? "-");
        }

        table.Print(Terminal.Out);
    }

    private static void Write(Utf8JsonWriter writer, List<NetworkConfigurationList>? networks, List<CachedState>? attachments)
    {
        writer.WriteStartObject();
        if (networks is not null)
        {
            writer.WriteStartArray(Networks);
            foreach (NetworkConfigurationList network in networks)
            {
                writer.WriteStartObject();
                writer.WriteString("name", network.Name);
                writer.WriteString("cniVersion", network.CniVersion);
                writer.WriteBoolean("default", network == networks[0]);
                writer.Strings("plugins", TypesOf(network));
                writer.Optional("file", network.Source);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (attachments is not null)
        {
            Write(writer, attachments);
        }

        writer.WriteEndObject();
    }

    private static List<string> TypesOf(NetworkConfigurationList network)
    {
        List<string> types = [];
        foreach (PluginConfiguration plugin in network.Plugins)
        {
            types.Add(plugin.Type);
        }

        return types;
    }
}
