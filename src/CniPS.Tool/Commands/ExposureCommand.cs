using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Exposure;
using CniPS.Linux.Changes;
using CniPS.Plugin.Options;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips exposure</c>.</summary>
internal sealed class ExposureCommand : RuntimeCommand
{
    private static readonly Option s_kind = new("--kind", "KIND", "Only what is of a kind: port, lan, outbound, isolation or spoofing.")
    {
        Choices = [.. Enum.GetNames<ExposureKind>().Select(static name => name.ToLowerInvariant())],
    };

    private static readonly Option s_output = new("--output", "FILE", "Write a page with tables (HTML) to a file, and print nothing.") { Short = "-o", Completes = Completes.Files };

    internal override string Name => "exposure";

    internal override string Operands => "[<network>...]";

    internal override string Summary => "Prints what can reach what: published ports, ways in and out, networks among each other.";

    internal override string Notes =>
        """
        Of the networks named, or of all and the host: read from the kernel, with packets followed as it would send them; nothing is sent.
        OPEN is yes, no, or ? where it can't be told. A network's containers that differ from each other have a line each.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [s_kind, s_output, RuntimeSettings.CacheFolder, RuntimeSettings.Json];

    internal override Completes CompletesOperand(int index) => Completes.CachedNetworks;

    protected override int Run(Session session)
    {
        ExposureKind[] kinds = session.Arguments.Get(s_kind) is not { } word ? Enum.GetValues<ExposureKind>()
            : Enum.TryParse(word, ignoreCase: true, out ExposureKind kind) && Enum.IsDefined(kind) ? [kind]
            : throw new UsageException($"{s_kind.Name} is one of {string.Join(", ", s_kind.Choices)}, not {word}");
        HashSet<string> networks = [.. session.Arguments.Positionals];
        List<ExposureFinding> findings = [.. ExposureSurvey.Look(session.Host, session.Runtime.Cache.List((path, reason) => session.Observer.Warn($"{path}: {reason}; the file is passed over")), kinds, session.Observer.Warn)
            .Where(finding => networks.Count == 0 || networks.Contains(finding.Network ?? "") || networks.Contains(finding.From))];
        foreach (string network in networks.Where(network => !findings.Exists(finding => finding.Network == network || finding.From == network)))
        {
            session.Observer.Warn($"nothing is known of a network {network} that has attachments in the cache");
        }

        if (session.Arguments.Get(s_output) is { } path)
        {
            string page = ExposureReport.Write(session.Host.ReadSysctl(session.Host.Namespace, "kernel/hostname") ?? "host", DateTimeOffset.Now, findings);
            session.Host.Apply([new FileWrite(System.IO.Path.GetFullPath(path), Encoding.UTF8.GetBytes(page), 0x1A4)]); // 0644
        }
        else if (session.Json)
        {
            ExposureOutput.PrintJson(findings);
        }
        else
        {
            ExposureOutput.Print(findings);
        }

        return Done;
    }
}
