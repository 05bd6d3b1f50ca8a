using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class CniArgsTests
{
    [Fact]
    public void Pairs_keep_their_order_and_the_last_of_a_key_counts()
    {
        CniArgs args = CniArgs.Parse("B=1;A=;B=2");
        Assert.Equal("2", args["B"]);
        Assert.Equal("", args["A"]);
        Assert.Null(args["a"]);
        Assert.Equal("B=1;A=;B=2", args.ToString());
        Assert.Equal("", CniArgs.Empty.ToString());
        Assert.Empty(CniArgs.Parse("").Pairs);
    }

    [Theory]
    [InlineData("A=1;", "ARGS: invalid pair \"\"")]
    [InlineData("A", "ARGS: invalid pair \"A\"")]
    [InlineData("A=\t=", "ARGS: invalid pair \"A=\\t=\"")]
    public void A_plugin_refuses_what_is_no_pair(string text, string message)
    {
        CniException e = Assert.Throws<CniException>(() => CniArgs.Parse(text));
        Assert.Equal(message, e.Message);
        Assert.Equal(CniErrorIds.InvalidArgs, e.ErrorId);
    }

    [Theory]
    [InlineData("A=", "invalid CNI_ARGS pair \"A=\"")]
    [InlineData("=x", "invalid CNI_ARGS pair \"=x\"")]
    [InlineData("A=1;", "invalid CNI_ARGS pair \"\"")]
    public void Cnitool_refuses_empty_parts_too(string text, string message) =>
        Assert.Equal(message, Assert.Throws<CniException>(() => CniArgs.ParseStrict(text)).Message);

    [Fact]
    public void Unknown_keys_are_passed_over_where_that_is_asked_for()
    {
        CniArgs.Parse("X=1;IgnoreUnknown=TRUE").RefuseUnknown([]);
        Assert.Throws<CniException>(() => CniArgs.Parse("X=1;IgnoreUnknown=true;IgnoreUnknown=0").RefuseUnknown(["IP"]));
        Assert.Equal(
            "ARGS: error parsing value of pair \"IgnoreUnknown=MAYBE\": boolean unmarshal error: invalid input maybe",
            Assert.Throws<CniException>(() => CniArgs.Parse("IgnoreUnknown=MAYBE").RefuseUnknown([])).Message);
    }
}
