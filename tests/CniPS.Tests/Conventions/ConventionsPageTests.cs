using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>docs/conventions.md: each of the forty has a row, and a test.</summary>
public sealed class ConventionsPageTests
{
    private const int Count = 40;

    [Fact]
    public void Each_convention_has_a_row()
    {
        int[] rows = [.. Regex.Matches(Repository.Read("docs", "conventions.md"), @"(?m)^\| (\d+) \| \S.* \| \S.* \|$")
            .Select(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(1, Count), rows);
    }

    [Fact]
    public void Each_convention_has_a_test()
    {
        int[] tested = [.. typeof(ConventionsPageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<ConventionAttribute>()).Select(convention => convention.Number).Distinct().Order()];
        Assert.Equal(Enumerable.Range(1, Count), tested);
    }
}
