using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class CniVersionTests
{
    [Fact]
    public void Versions_compare_by_number()
    {
        Assert.True(CniVersion.Parse("0.10.0") > CniVersion.Parse("0.4.0"));
        Assert.True(CniVersion.Parse("1").AtLeast("1.0.0"));
        Assert.False(CniVersion.Parse("").AtLeast("0.2.0"));
        for (int i = 1; i < CniVersion.All.Count; i++)
        {
            Assert.True(CniVersion.Parse(CniVersion.All[i - 1]) < CniVersion.Parse(CniVersion.All[i]));
        }
    }

    [Theory]
    [InlineData("1.0.0\0")]
    [InlineData("1.0.0 ")]
    [InlineData("٣")]
    [InlineData("-")]
    [InlineData("99999999999999999999")]
    [InlineData(null)]
    public void What_is_no_version_is_refused(string? text) => Assert.False(CniVersion.TryParse(text, out _));

    [Fact]
    public void Only_the_same_text_is_a_known_version()
    {
        Assert.True(CniVersion.IsKnown("1.0.0"));
        Assert.False(CniVersion.IsKnown("1.0"));
        Assert.False(CniVersion.IsKnown(""));
    }
}
