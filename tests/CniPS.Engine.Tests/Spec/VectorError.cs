using System;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Engine.Tests.Spec;

/// <summary>Holds an error against the one that a vector expects.</summary>
internal static class VectorError
{
    /// <summary>Does what a vector's input says, and compares its error; if there is to be none, what comes of it.</summary>
    /// <param name="expect">What is expected.</param>
    /// <param name="directory">What <c>${DIR}</c> stands for in expected texts.</param>
    /// <param name="run">Does it: null, or what differs.</param>
    /// <returns>Null, or what differs.</returns>
    internal static string? Difference(JsonElement expect, string directory, Func<string?> run)
    {
        try
        {
            string? difference = run();
            return Expected(expect) is { } error ? $"succeeded, expected error: {error}" : difference;
        }
        catch (CniException e)
        {
            return Expected(expect) is null ? $"failed: {e.Message}" : Difference(expect, directory, e);
        }
    }

    private static string? Expected(JsonElement expect) => expect.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;

    private static string? Difference(JsonElement expect, string directory, CniException error)
    {
        string Text(string name) => expect.GetProperty(name).GetString()!.Replace("${DIR}", directory, StringComparison.Ordinal);
        string match = Text("errorMatch");
        bool matches = match switch
        {
            "exact" => error.Message == Text("error"),
            "prefix" => error.Message.StartsWith(Text("errorPrefix"), StringComparison.Ordinal),
            "any-error" => true,
            string other => throw new InvalidOperationException($"unknown errorMatch {other}"),
        };
        return matches
            ? TypedDifference(expect, match == "exact", error) ?? TypeDifference(expect, error)
            : $"error: {error.Message}; expected: {Text("error")}";
    }

    private static string? TypedDifference(JsonElement expect, bool exact, CniException error)
    {
        if (!expect.TryGetProperty("cniError", out JsonElement typed))
        {
            return null;
        }

        bool same = (int)error.Code == typed.GetProperty("code").GetInt32() && (!exact || (error.Msg == typed.GetProperty("msg").GetString()
            && (error.Details ?? "") == (typed.TryGetProperty("details", out JsonElement details) ? details.GetString() : "")));
        return same ? null : $"typed error {(int)error.Code} {error.Msg}; {error.Details}; expected {typed}";
    }

    private static string? TypeDifference(JsonElement expect, CniException error)
    {
        string? type = expect.TryGetProperty("errorType", out JsonElement errorType) ? errorType.GetString() : null;
        string? id = type switch
        {
            null => null,
            "NotFoundError" => CniErrorIds.NetworkNotFound,
            "NoConfigsFoundError" => CniErrorIds.NoNetworkConfigurations,
            string other => throw new InvalidOperationException($"unknown errorType {other}"),
        };
        return id is null || error.ErrorId == id ? null : $"error id {error.ErrorId}; expected {id}";
    }
}
