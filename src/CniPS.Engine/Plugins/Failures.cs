using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>What went wrong in an operation that goes on past failures.</summary>
internal static class Failures
{
    /// <summary>Takes a step, and keeps what the machine or a plugin refused.</summary>
    /// <param name="failures">Gets the failure.</param>
    /// <param name="step">The step.</param>
    /// <returns>Whether it went well.</returns>
    internal static bool Try(List<Exception> failures, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is CniException or ChangeException or LinuxException or NotANamespaceException)
        {
            failures.Add(e);
            return false;
        }
    }

    /// <summary>Throws one failure as it is, several as one error.</summary>
    /// <param name="failures">What went wrong.</param>
    /// <param name="pluginType">The plugin.</param>
    /// <param name="verb">The verb.</param>
    internal static void Throw(IReadOnlyList<Exception> failures, string pluginType, string verb)
    {
        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        if (failures.Count > 1)
        {
            throw Combine(
                failures, CniErrorIds.DeleteIncomplete, verb, "; ", "Everything else was removed. Mend the causes and run it again: what is gone does not matter.", pluginType);
        }
    }

    /// <summary>Several failures as one error; each is an inner one.</summary>
    internal static CniException Combine(
        IReadOnlyList<Exception> failures, string errorId, string verb, string separator, string action, string? pluginType = null, object? target = null)
    {
        string[] messages = new string[failures.Count];
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = failures[i].Message;
        }

        CniErrorCode code = failures[0] is CniException first ? first.Code : CniErrorCode.Internal;
        return new CniException(errorId, code, string.Join(separator, messages), innerException: new AggregateException(failures))
        {
            PluginType = pluginType,
            Verb = verb,
            Target = target,
            RecommendedAction = action,
        };
    }
}
