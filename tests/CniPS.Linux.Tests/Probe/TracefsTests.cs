using CniPS.Linux.Probe;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>A tracepoint's format file.</summary>
public sealed class TracefsTests
{
    private const string Format = """
        name: kfree_skb
        ID: 2310
        format:
        	field:unsigned short common_type;	offset:0;	size:2;	signed:0;

        	field:void * skbaddr;	offset:8;	size:8;	signed:0;
        	field:void * location;	offset:16;	size:8;	signed:0;
        	field:unsigned short protocol;	offset:32;	size:2;	signed:0;
        	field:enum skb_drop_reason reason;	offset:36;	size:4;	signed:0;

        print fmt: "skbaddr=%p location=%pS reason: %s", REC->skbaddr, REC->location, __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 12, "NETFILTER_DROP" })
        """;

    [Fact]
    public void Its_fields_and_the_reasons_names_are_read()
    {
        Tracefs read = Tracefs.Parse(Format);
        Assert.Equal((2310ul, 16, 32, 36), (read.Id, read.LocationOffset, read.ProtocolOffset, read.ReasonOffset));
        Assert.Equal(("NOT_SPECIFIED", "NETFILTER_DROP", 2), (read.Reasons[2], read.Reasons[12], read.Reasons.Count));
    }

    [Fact]
    public void A_kernel_without_reasons_has_none() =>
        Assert.Equal(-1, Tracefs.Parse(Format.Replace("enum skb_drop_reason reason", "int other", System.StringComparison.Ordinal)).ReasonOffset);

    [Theory]
    [InlineData("")]
    [InlineData("ID: 7\nfield:void * location;\toffset:x;")]
    public void What_is_no_such_file_is_an_error(string text) => Assert.Throws<LinuxException>(() => Tracefs.Parse(text));
}
