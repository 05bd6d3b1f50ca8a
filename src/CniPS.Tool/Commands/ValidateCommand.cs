using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips validate</c>.</summary>
internal sealed class ValidateCommand : RuntimeCommand
{
    internal override string Name => "validate";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Says everything that is wrong with networks, each with file, line and column; exit code 3 if anything.";

    internal override string Notes =>
        """
        A network is a file, a folder, or a name in the folder of networks; without any, all of that folder are looked at. Looked at are
        syntax, keys and values, whether every plugin is there and speaks the network's version, and subnets against those of the other
        networks and the host's routes. A warning alone doesn't change the exit code. Nothing is changed.
        """;

    internal override string ExitCodes => "3 something is wrong";

    internal override IReadOnlyList<Option> Options { get; } = [.. RuntimeSettings.Places, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.Networks;

    protected override int Run(Session session)
    {
        var checker = new NetworkChecker(session.Host, session.Options, session.Observer);
        IReadOnlyList<string> networks = session.Arguments.Positionals;
        List<NetworkProblem> problems = [];
        foreach (string network in networks.Count > 0 ? networks : [RuntimeSettings.FolderOf(session.Arguments)])
        {
            problems.AddRange(
                networks.Count == 0 || Directory.Exists(network) ? checker.CheckFolder(network, session.Cancellation)
                : checker.CheckFile(NetworkNames.IsFile(network) ? network : FileOf(session, network), session.Cancellation));
        }

        if (session.Json)
        {
            JsonOutput.Print(writer => Write(writer, problems));
        }
        else
        {
            Print(problems);
        }

        return problems.Exists(static problem => problem.Severity == ProblemSeverity.Error) ? Differs : Done;
    }

    private static string FileOf(Session session, string network) => session.FindNetwork(network) is { Source: { } file } ? file
        : throw new InvalidOperationException($"{network} was found in a folder, but has no file");

    private static void Print(List<NetworkProblem> problems)
    {
        foreach (NetworkProblem problem in problems)
        {
            Terminal.Out.Line(problem.ToString());
            if (problem.RecommendedAction is { } action)
            {
                Terminal.Out.Line($"  {Terminal.Out.Dim(Advice.ForCommandLine(action))}");
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, List<NetworkProblem> problems)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("problems");
        foreach (NetworkProblem problem in problems)
        {
            writer.WriteStartObject();
            writer.WriteString("severity", problem.Severity == ProblemSeverity.Error ? "error" : "warning");
            writer.Optional("network", problem.Network);
            writer.Optional("file", problem.File);
            if (problem.Position is { } position)
            {
                writer.WriteNumber("line", position.Line);
                writer.WriteNumber("column", position.Column);
            }

            writer.Optional("key", problem.Key);
            writer.WritePropertyName("error");
            ErrorReport.Write(writer, problem.ToException());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
