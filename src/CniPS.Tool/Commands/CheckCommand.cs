using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips check</c>.</summary>
internal sealed class CheckCommand : AttachmentCommand
{
    private static readonly Option s_verbose = new("--verbose", null, "Print the commands that would mend what differs.") { Short = "-v" };

    internal override string Name => "check";

    internal override string ExitCodes => "3 something is different";

    internal override string Operands => "<network> [<netns>]";

    internal override string Summary => "Says what of an attachment is not as it should be; exit code 3 if anything.";

    internal override string Notes => base.Notes
        + "\nWhat is not given is as it was at ADD, from the cache; --container-id can stand for the namespace.";

    internal override IReadOnlyList<Option> Options { get; } = [.. RuntimeSettings.Places, .. AttachmentOptions.All, s_verbose, RuntimeSettings.Json];

    protected override int Run(Session session, NetworkConfigurationList network, Attachment attachment)
    {
        using CheckReport report = session.Runtime.Check(network, Complete(network, attachment, session.Runtime.Cache), session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, report));
        }
        else
        {
            Print(report, repairs: session.Arguments.Has(s_verbose));
        }

        return report.Count == 0 ? Done : Differs;
    }

    private static Attachment Complete(NetworkConfigurationList network, Attachment attachment, ResultCache cache) =>
        cache.Find(network.Name, attachment.ContainerId, attachment.InterfaceName) is { } cached
            ? attachment with
            {
                NetNS = attachment.NetNS.Length > 0 ? attachment.NetNS : cached.NetNS,
                Args = attachment.Args.IsEmpty ? cached.Args : attachment.Args,
                CapabilityArgs = attachment.CapabilityArgs.Count > 0 ? attachment.CapabilityArgs : cached.CapabilityArgs,
            }
            : attachment;

    private static void Print(CheckReport report, bool repairs)
    {
        foreach (Difference difference in report)
        {
            Terminal.Out.Line(difference.Message);
            foreach (Change repair in repairs ? difference.Repair : [])
            {
                Terminal.Out.Line($"  {Terminal.Out.Command(repair.Text)}");
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, CheckReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("differences");
        foreach (Difference difference in report)
        {
            writer.WriteStartObject();
            writer.WriteString("subject", difference.Subject);
            writer.WriteString("expected", difference.Expected);
            writer.Optional("actual", difference.Actual);
            writer.WriteString("message", difference.Message);
            writer.Optional("plugin", difference.PluginType);
            writer.WriteStartArray("repair");
            foreach (Change repair in difference.Repair)
            {
                writer.WriteStringValue(repair.Text);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
