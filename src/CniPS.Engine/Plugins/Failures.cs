using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>What went wrong in an operation that goes on past failures.</summary>
public static class Failures
{
    /// <summary>Throws one failure as it is, several as one error (<see cref="CniErrorIds.DeleteIncomplete"/>) whose cause holds all.</summary>
    /// <param name="failures">What went wrong.</param>
    /// <param name="pluginType">The plugin, or null for a whole list.</param>
    /// <param name="verb">The verb.</param>
    public static void Throw(IReadOnlyList<Exception> failures, string? pluginType, string verb)
    {
        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        if (failures.Count > 1)
        {
            string[] messages = new string[failures.Count];
            CniErrorCode code = CniErrorCode.Internal;
            for (int i = 0; i < messages.Length; i++)
            {
                messages[i] = failures[i].Message;
                code = i == 0 && failures[i] is CniException first ? first.Code : code;
            }

            throw new CniException(
                CniErrorIds.DeleteIncomplete,
                code,
                $"{verb} met {failures.Count} failures: {string.Join("; ", messages)}",
                innerException: new AggregateException(failures))
            {
                PluginType = pluginType,
                Verb = verb,
                RecommendedAction = "Everything else was removed. Mend the causes and run it again: what is gone does not matter.",
            };
        }
    }
}
