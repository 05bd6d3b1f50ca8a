using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Plugin.Interop;

namespace CniPS.Tool.Completion;

/// <summary>What the executable answers a completion script.</summary>
internal static class CompletionAnswer
{
    /// <summary>Prints the candidates for the last word of a command line. What can't be looked up is no candidate, and no error.</summary>
    /// <param name="query">The query, and the words behind the executable's name.</param>
    /// <param name="find">Finds the candidates, given the words before the one to complete.</param>
    /// <returns>The exit code.</returns>
    internal static int Print(string[] query, Action<List<string>, Candidates> find)
    {
        List<string> words = Rejoin(query.AsSpan(1));
        string current = words is [.., string last] ? last : "";
        List<string> before = words.Count > 0 ? words[..^1] : [];
        var candidates = new Candidates(current);
        find(before, candidates);

        var text = new StringBuilder();
        foreach ((string value, string description) in candidates.All)
        {
            text.Append(value);
            text.Append(description.Length > 0 && query[0] == CompletionScript.Query ? $"\t{description}\n" : "\n");
        }

        text.Append(candidates.WithFiles ? ":0\n" : ":4\n");
        StandardStreams.Write(StandardStreams.Output, Encoding.UTF8.GetBytes(text.ToString()));
        return 0;
    }

    // bash takes --option=value for three words; what it replaces is the third, or nothing behind a bare =.
    private static List<string> Rejoin(ReadOnlySpan<string> query)
    {
        List<string> words = [];
        for (int i = 0; i < query.Length; i++)
        {
            if (query[i] == "=" && words is [.., ['-', '-', ..]])
            {
                words.Add(i + 1 < query.Length ? query[++i] : "");
            }
            else
            {
                words.Add(query[i]);
            }
        }

        return words;
    }
}
