using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Probe;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>
/// Looks for a name as the sender would: in its hosts, then by the servers of its resolv.conf, each asked by a real packet from inside its namespace. What keeps a name
/// from being found is why nobody is reached.
/// </summary>
internal sealed class NamedPath(MachineView machine, PathQuestion question, PathEnd from, string name)
{
    private const string Stage = "name";
    private const int NoSuchName = 3;

    private static readonly AddressFamily[] s_families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    private readonly NamespaceView _view = from.View ?? machine.Host;
    private readonly List<Hop> _hops = [];

    /// <summary>The addresses; none where it wasn't found, which <see cref="Hops"/> say why.</summary>
    internal IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    /// <summary>How it was looked for.</summary>
    internal IReadOnlyList<Hop> Hops => _hops;

    /// <summary>Looks for it.</summary>
    /// <param name="reach">Tells why a server isn't reached.</param>
    /// <exception cref="CniException">Nobody may be asked, or a word without a dot is the name of nothing.</exception>
    internal void Find(Func<IPAddress, PathReport> reach)
    {
        if (NameFiles.Find(machine, _view, "hosts") is var (hosts, where) && HostsFile.Find(hosts, name) is { Count: > 0 } written)
        {
            Found(written, where);
            return;
        }

        if (!question.AsksNames)
        {
            throw PathEnds.NotFound(name, "and names are not asked for");
        }

        if (NameFiles.Find(machine, _view, "resolv.conf") is not var (text, file) || ResolverFile.Parse(text) is not { Servers.Count: > 0 } resolver)
        {
            MustBeName("and its resolv.conf names no server to ask");
            Lost("NameServerMissing", $"{_view.Name} has nobody to ask for {name}: its resolv.conf names no server", $"name a server there (\"dns\": {{\"nameservers\": [\"…\"]}} in the network)", "no nameserver");
            return;
        }

        Ask(resolver, file, reach);
    }

    private void Ask(ResolverFile resolver, string file, Func<IPAddress, PathReport> reach)
    {
        List<string> silent = [];
        foreach (IPAddress server in resolver.Servers)
        {
            string? refusal = null;
            foreach (string candidate in resolver.Candidates(name))
            {
                List<DnsAnswer> answers = [];
                if (!IsAnswered(server, candidate, answers, silent))
                {
                    refusal = null;
                    break;
                }

                List<IPAddress> found = [.. answers.SelectMany(static answer => answer.Addresses)];
                if (found.Count > 0)
                {
                    Found(found, $"{server} says so, {file}");
                    return;
                }

                DnsAnswer worst = answers.MaxBy(static answer => answer.Code is 0 or NoSuchName ? -1 : 1)!;
                refusal = $"{candidate}: {worst.CodeText}";
                if (worst.Code is not (0 or NoSuchName))
                {
                    break;
                }
            }

            if (refusal is not null)
            {
                Refused(server, refusal, file);
                return;
            }
        }

        Unreached(resolver.Servers[0], silent, file, reach);
    }

    private bool IsAnswered(IPAddress server, string candidate, List<DnsAnswer> answers, List<string> silent)
    {
        foreach (AddressFamily family in s_families)
        {
            NameReply reply = NameQuestion.Ask(_view.Namespace, server, candidate, family);
            if (reply.Answer is not { } answer)
            {
                silent.Add($"{server}: {reply.Packet}");
                Note($"{server} doesn't answer", reply.Packet.ToString(), HopVerdict.Warned);
                return false;
            }

            answers.Add(answer);
        }

        return true;
    }

    private void Refused(IPAddress server, string refusal, string file)
    {
        if (refusal.EndsWith("NXDOMAIN", StringComparison.Ordinal) || refusal.EndsWith("NOERROR", StringComparison.Ordinal))
        {
            MustBeName($"and {server}, which {_view.Name} asks, knows no such name");
            Lost("NameUnknown", $"{server}, which {_view.Name} asks, knows no address of {name} ({refusal})", $"have it added where {server} has its names from, or mend the name", file);
            return;
        }

        Lost("NameRefused", $"{server}, which {_view.Name} asks, doesn't say who {name} is ({refusal})", $"look at the log of {server}, or name another server in {file}", file);
    }

    // Why a server isn't reached is told as of anybody else.
    private void Unreached(IPAddress server, List<string> silent, string file, Func<IPAddress, PathReport> reach)
    {
        MustBeName($"and none of the servers that {_view.Name} asks for names answers ({string.Join("; ", silent)})");
        PathReport way = reach(server);
        _hops.AddRange(way.Hops);
        if (way.IsReachable)
        {
            Lost(
                "NameServerUnreachable", $"none of the servers that {_view.Name} asks for {name} answers: {string.Join("; ", silent)}",
                $"look whether a name server runs there, or name another one in {file}", file);
        }
        else
        {
            Note($"{name} can't be looked for: {server} is not reached", file, HopVerdict.Dropped);
        }
    }

    // A word without a dot that nobody knows is rather a container that isn't there.
    private void MustBeName(string otherwise)
    {
        if (!name.Contains('.'))
        {
            throw PathEnds.NotFound(name, otherwise);
        }
    }

    private void Found(IReadOnlyList<IPAddress> addresses, string evidence)
    {
        Addresses = addresses;
        Note($"{name} is {string.Join(", ", addresses)}", evidence, HopVerdict.Passed);
    }

    private void Lost(string id, string message, string advice, string evidence) =>
        _hops.Add(new Hop(_view.Name, "", Stage, message, evidence, HopVerdict.Dropped) { Cause = new Cause(id, _view.Name, message, advice) });

    private void Note(string decision, string evidence, HopVerdict verdict) => _hops.Add(new Hop(_view.Name, "", Stage, decision, evidence, verdict));
}
