using System;
using Xunit;
using Xunit.Sdk;

namespace CniPS.Tests.Vectors;

/// <summary>Holds a vector against what happens; or, where a deviation is declared, that it is none any more.</summary>
public static class VectorCheck
{
    /// <summary>Runs a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="run">Does what its input says and compares what comes of it with what is expected: null, or what differs.</param>
    public static void Hold(Vector vector, Func<string?> run)
    {
        string? difference = Difference(run);
        if (vector.Deviation is not null)
        {
            Assert.False(vector.IsCore, $"{vector.Id} is core: no deviation is allowed.");
            Assert.True(difference is not null, $"{vector.Id} is listed as a deviation, but behaves as recorded.");
            return;
        }

        if (difference is not null && vector.IsForeign && !vector.IsCore)
        {
            Assert.Skip($"a quirk that doesn't hold: {difference}");
        }

        Assert.True(difference is null, $"{vector.Id}: {difference}");
    }

    // An input of a shape that no case had so far is a difference too; not so an assertion of the runner's own, or a skip.
    private static string? Difference(Func<string?> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not XunitException)
        {
            return e.ToString();
        }
    }
}
