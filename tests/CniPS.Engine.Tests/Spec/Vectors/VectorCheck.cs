using System;
using System.Text.Json;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec.Vectors;

/// <summary>Holds a vector against what happens; or, where a deviation is declared, that it is none any more.</summary>
public static class VectorCheck
{
    /// <summary>Runs a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="directory">What <c>${DIR}</c> stands for in expected errors.</param>
    /// <param name="run">Does what the vector's input says, and compares what comes out with what is expected: null, or what differs.</param>
    public static void Run(Vector vector, string directory, Func<string?> run)
    {
        string? difference = Difference(vector, directory, run);
        if (vector.Deviation is null)
        {
            Assert.True(difference is null, $"{vector.Id}: {difference}");
        }
        else
        {
            Assert.False(vector.IsCore, $"{vector.Id} is core: no deviation is allowed.");
            Assert.True(difference is not null, $"{vector.Id} is listed as a deviation, but behaves as recorded.");
        }
    }

    private static string? Difference(Vector vector, string directory, Func<string?> run)
    {
        try
        {
            string? difference = run();
            return vector.ExpectsSuccess ? difference : $"succeeded, expected error: {vector.Expect.GetProperty("error")}";
        }
        catch (CniException e)
        {
            return vector.ExpectsSuccess ? $"failed: {e.Message}" : ErrorDifference(vector.Expect, directory, e);
        }
    }

    private static string? ErrorDifference(JsonElement expect, string directory, CniException error)
    {
        string Expected(string name) => expect.GetProperty(name).GetString()!.Replace("${DIR}", directory, StringComparison.Ordinal);
        bool matches = Expected("errorMatch") switch
        {
            "exact" => error.Message == Expected("error"),
            "prefix" => error.Message.StartsWith(Expected("errorPrefix"), StringComparison.Ordinal),
            "any-error" => true,
            string other => throw new InvalidOperationException($"unknown errorMatch {other}"),
        };
        if (!matches)
        {
            return $"error: {error.Message}; expected: {Expected("error")}";
        }

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
