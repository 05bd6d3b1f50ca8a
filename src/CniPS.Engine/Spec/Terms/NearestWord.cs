using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>The word that was probably meant.</summary>
internal static class NearestWord
{
    /// <summary>Finds it.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What can be meant.</param>
    /// <returns>The candidate with the fewest differences, case aside, if those are at most a third of the word; or null.</returns>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int fewest = Math.Max(1, word.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < fewest)
            {
                fewest = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>Letters inserted, removed, replaced, or swapped with their neighbour, to make one word of the other.</summary>
    private static int Distance(string from, string to)
    {
        int[,] distance = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int replace = distance[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                int best = Math.Min(replace, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                }

                distance[i, j] = best;
            }
        }

        return distance[from.Length, to.Length];
    }
}
