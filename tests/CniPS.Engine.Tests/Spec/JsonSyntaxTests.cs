using System;
using System.Linq;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class JsonSyntaxTests
{
    [Theory]
    [InlineData("", "1:1", "unexpected end of JSON input")]
    [InlineData("{", "1:2", "unexpected end of JSON input")]
    [InlineData("{\n  \"name\": \"n\",\n", "3:1", "unexpected end of JSON input")]
    [InlineData("{\n  \"name\": \"n\"\n  \"plugins\": []\n}", "3:3", "invalid character '\"'")]
    [InlineData("{\n  \"name\": \"n\",\n}", "3:1", "invalid character '}'")]
    [InlineData("{\"a\": [1,]}", "1:10", "invalid character ']'")]
    [InlineData("{\n  // why\n  \"name\": \"n\"}", "2:3", "invalid character '/'")]
    [InlineData("{\n  \"näme\": 'n'}", "2:11", "invalid character '\\''")]
    [InlineData("{\"😀\": nul}", "1:11", "invalid character '}'")]
    [InlineData("{\"name\": \"n\"} {}", "1:15", "invalid character '{' after top-level value")]
    [InlineData("{\"name\": \"n\"}\n]", "2:1", "invalid character ']'")]
    [InlineData("\ufeff{\"name\": \"n\"}", "1:1", "invalid character '\\ufeff'")]
    [InlineData("{\"a\": 01}", "1:8", "invalid character")]
    [InlineData("{\"a\": \"b\nc\"}", "1:9", "invalid character '\\n'")]
    [InlineData("{\"a\":\n \"\\ud800\"}", "2:2", "invalid surrogate pair in string")]
    public void A_syntax_error_has_its_position(string text, string position, string message)
    {
        CniException e = Utf8.Refused(() => Utf8.List(text), "n.conflist:" + position);
        Assert.Equal(CniErrorIds.InvalidJson, e.ErrorId);
        Assert.Equal(CniErrorCode.DecodingFailure, e.Code);
        Assert.StartsWith("error parsing configuration list: " + message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,]", "Remove the comma: JSON allows none after the last value.")]
    [InlineData("{\"a\":}", "A value is missing before it.")]
    [InlineData("// x", "JSON has no comments: remove it.")]
    [InlineData("\ufeff{}", "The text begins with a byte order mark: save it as UTF-8 without one.")]
    [InlineData("nul}", "The text must be plain JSON (RFC 8259): check it at this position.")]
    public void A_syntax_error_says_what_to_do(string text, string action) =>
        Assert.Equal(action, Assert.Throws<CniException>(() => Utf8.List(text)).RecommendedAction);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_where_they_stand()
    {
        byte[] text = [.. "{\"ä\": \""u8, 0xc3, .. "\"}"u8];
        CniException e = Utf8.Refused(() => NetworkConfigurationList.Parse(text), "1:8");
        Assert.Equal("error parsing configuration list: invalid UTF-8: byte 0xc3", e.Message);
    }

    [Theory]
    [InlineData(511, true)]
    [InlineData(512, false)]
    public void Nesting_ends_at_512_levels(int arrays, bool accepted)
    {
        string text = "{\"name\":\"n\",\"x\":" + new string('[', arrays) + "1" + new string(']', arrays) + "}";
        Assert.Equal(accepted, NetworkConfigurationList.FindProblems(Utf8.Bytes(text)).Count == 0);
        string deep = string.Concat(Enumerable.Repeat("[\n", 600));
        CniException e = Utf8.Refused(() => NetworkConfigurationList.Parse(Utf8.Bytes(deep)), "513:1");
        Assert.EndsWith("exceeded max depth of 512", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_no_JSON_gets_through()
    {
        const string Good = "{\"name\":\"n\",\"plugins\":[{\"type\":\"a\",\"b\":[1,-2.5e3,true,null,\"\\u00e4\"]}]}";
        for (int length = 0; length < Good.Length; length++)
        {
            CniException e = Assert.Throws<CniException>(() => Utf8.List(Good[..length]));
            Assert.Equal(CniErrorIds.InvalidJson, e.ErrorId);
            Assert.NotNull(e.Position);
        }
    }
}
