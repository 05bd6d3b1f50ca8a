using System;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ipam.ranges[0][1].rangeStart")]
    [InlineData("[3].x")]
    public void A_path_reads_as_it_is_written(string text) => Assert.Equal(text, JsonPath.Parse(text).ToString());

    [Theory]
    [InlineData("a[")]
    [InlineData("a[-1]")]
    [InlineData("a[x]")]
    public void What_is_no_path_is_refused(string text) => Assert.Throws<FormatException>(() => JsonPath.Parse(text));

    [Fact]
    public void Paths_are_appended() =>
        Assert.Equal("plugins[2].ipam.type", JsonPath.Root.Property("plugins").Element(2).Append(JsonPath.Parse("ipam.type")).ToString());

    [Fact]
    public void The_last_property_of_a_name_is_found_and_exact_spelling_first()
    {
        byte[] text = "{\"A\": 1,\n\"a\": 2,\n\"a\": 3,\n\"A\": 4, \"\\u0062\": 5}"u8.ToArray();
        Assert.Equal("3:6", JsonLocator.Find(text, null, JsonPath.Parse("a"))?.ToString());
        Assert.Equal("4:6", JsonLocator.Find(text, null, JsonPath.Parse("A"))?.ToString());
        Assert.Equal("4:19", JsonLocator.Find(text, null, JsonPath.Parse("B"))?.ToString());
        Assert.Null(JsonLocator.Find("{"u8.ToArray(), null, JsonPath.Parse("a")));
    }
}
