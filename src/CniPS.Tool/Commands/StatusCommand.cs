using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips status</c>.</summary>
internal sealed class StatusCommand : RuntimeCommand
{
    internal override string Name => "status";

    internal override string Operands => "<network>";

    internal override string Summary => "Asks a network's plugins whether they could serve an add (STATUS).";

    internal override string Notes =>
        """
        The network is a name in the folder of networks, or a file. Networks below version 1.1.0 have no STATUS: nobody is asked, and a
        warning says so. A plugin that isn't ready is an error, with the plugin's own code: 50 or 51.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [.. RuntimeSettings.Places, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.Networks;

    protected override int Run(Session session)
    {
        NetworkConfigurationList network = session.FindNetwork(session.Arguments.Positionals[0]);
        session.Runtime.Status(network, session.Cancellation);
        if (session.Json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("network", network.Name);
                writer.WriteBoolean("ready", true);
                writer.WriteEndObject();
            });
        }
        else
        {
            Terminal.Out.Line($"{network.Name} is ready");
        }

        return Done;
    }
}
