using System;
using System.IO;
using System.Linq;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

/// <summary>What is said about the recorded cases as a whole.</summary>
public sealed class DeviationVectorTests
{
    // The last two are held in CniPS.Tool.Tests.
    private static readonly string[] s_kinds =
    [
        .. SpecVectorTests.Kinds, .. Runtime.RuntimeVectorTests.Kinds, "plugin-exec", "cnitool",
    ];

    [Fact]
    public void Every_deviation_is_a_recorded_quirk_with_a_reason() => Assert.All(VectorFile.Deviations, deviation =>
    {
        Assert.False(string.IsNullOrWhiteSpace(deviation.Value));
        Assert.False(VectorFile.Get(deviation.Key).IsCore, deviation.Key);
    });

    [Fact]
    public void Every_deviation_is_in_the_list_that_people_read()
    {
        string page = File.ReadAllText(Path.Join(VectorFile.Root, "docs", "deviations.md"));
        Assert.All(VectorFile.Deviations.Keys, id => Assert.Contains($"`{id}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_is_held_against_something() =>
        Assert.Empty(VectorFile.All.Where(vector => !s_kinds.Contains(vector.Kind)).Select(vector => $"{vector.Id}: {vector.Kind}"));
}
