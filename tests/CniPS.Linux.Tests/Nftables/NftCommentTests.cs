using System.Text;
using CniPS.Linux.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

public sealed class NftCommentTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mybridge eth12 1234567890")]
    [InlineData("it's $x `y` \\ é 世界")]
    public void What_fits_stays(string? text) => Assert.Equal(text, NftComment.Fit(text));

    [Fact]
    public void A_long_one_is_cut_and_stays_unique()
    {
        string one = NftComment.Fit(new string('a', 200) + "1")!;
        string other = NftComment.Fit(new string('a', 200) + "2")!;
        Assert.Equal(NftComment.MaxBytes, one.Length);
        Assert.StartsWith(new string('a', 111) + "~", one);
        Assert.NotEqual(one, other);
        Assert.Equal(one, NftComment.Fit(one));
    }

    [Fact]
    public void It_is_cut_between_characters()
    {
        string fitted = NftComment.Fit("x" + new string('世', 60))!;
        Assert.InRange(Encoding.UTF8.GetByteCount(fitted), NftComment.MaxBytes - 2, NftComment.MaxBytes);
        Assert.DoesNotContain('\ufffd', fitted);
    }

    [Fact]
    public void Quotation_marks_and_line_breaks_are_replaced_and_still_tell_apart()
    {
        string fitted = NftComment.Fit("a\"b\nc")!;
        Assert.StartsWith("a'b c~", fitted);
        Assert.NotEqual(fitted, NftComment.Fit("a'b\nc"));
    }
}
