using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Linux.Probe;

/// <summary>What resolv.conf says (resolv.conf(5)): who is asked for names, and what is tried.</summary>
/// <param name="Servers">Who is asked, in order; at most three, as libc has it.</param>
/// <param name="Search">What is put behind a name.</param>
/// <param name="Dots">With how many dots a name is first tried as it is.</param>
public sealed record ResolverFile(IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Search, int Dots)
{
    private const int MostServers = 3;

    /// <summary>Reads the file's text; what isn't understood is passed over, as libc does.</summary>
    public static ResolverFile Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<IPAddress> servers = [];
        string[] search = [];
        int dots = 1;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..] when servers.Count < MostServers && IpText.TryParse(server, out IPAddress? address): servers.Add(address); break;
                case ["domain", var domain, ..]: search = [domain]; break;
                case ["search", .. var domains]: search = domains; break;
                case ["options", .. var options]: dots = DotsOf(options) ?? dots; break;
            }
        }

        return new ResolverFile(servers, search, dots);
    }

    /// <summary>The full names that are asked for a name, in order.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.TrimEnd('.');
        bool isFull = name.EndsWith('.'), isFirst = plain.AsSpan().Count('.') >= Dots;
        if (isFull || isFirst)
        {
            yield return plain;
        }

        foreach (string domain in isFull ? [] : Search)
        {
            yield return domain.Trim('.') is { Length: > 0 } suffix ? $"{plain}.{suffix}" : plain;
        }

        if (!isFull && !isFirst)
        {
            yield return plain;
        }
    }

    private static int? DotsOf(string[] options)
    {
        int? found = null;
        foreach (string option in options)
        {
            if (option.StartsWith("ndots:", StringComparison.Ordinal) && int.TryParse(option.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int dots))
            {
                found = Math.Min(dots, 15);
            }
        }

        return found;
    }
}

/// <summary>What the file hosts says (hosts(5)): names that nobody need be asked for.</summary>
public static class HostsFile
{
    /// <summary>The addresses of a name, in the file's order; none where it isn't there.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The name; case doesn't matter.</param>
    public static IReadOnlyList<IPAddress> Find(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        List<IPAddress> found = [];
        foreach (string line in text.Split('\n'))
        {
            string said = line.IndexOf('#') is >= 0 and var at ? line[..at] : line;
            string[] words = said.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && Array.FindIndex(words, 1, word => word.Equals(name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)) > 0
                && IpText.TryParse(words[0], out IPAddress? address) && !found.Contains(address))
            {
                found.Add(address);
            }
        }

        return found;
    }
}
