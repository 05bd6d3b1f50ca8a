using System.Text;
using CniPS.Linux.Iptables;
using Xunit;

namespace CniPS.Linux.Tests.Iptables;

public sealed class IptablesRuleTests
{
    private static IptablesRule Rule(string words) => new([.. IptablesRule.Split(words)]);

    [Theory]
    [InlineData("-p tcp --dport 80 -j X", "-p tcp -m tcp --dport 80 -j X")]
    [InlineData("-s 10.0.0.1 -j X", "-s 10.0.0.1/32 -j X")]
    [InlineData("-s 10.1.2.3/16 -j X", "-s 10.1.0.0/16 -j X")]
    [InlineData("-s 0.0.0.0/0 -j X", "-j X")]
    [InlineData("-s fd00:0::1 -j X", "-s fd00::1/128 -j X")]
    [InlineData("-j X -p TCP --destination-port 1", "-p tcp -m tcp --dport 1 -j X")]
    [InlineData("-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT")]
    [InlineData("-m multiport -p udp --dports 1,2 -m comment --comment \"a b\" -j X", "-p udp -m comment --comment \"a b\" -m multiport --dports 1,2 -j X")]
    [InlineData("! -d 224.0.0.0/4 -j MASQUERADE", "! --dst 224.0.0.0/4 -j MASQUERADE")]
    public void Two_spellings_of_a_rule_are_the_same(string one, string other)
    {
        Assert.Equal(Rule(one), Rule(other));
        Assert.Equal(Rule(one).GetHashCode(), Rule(other).GetHashCode());
    }

    [Theory]
    [InlineData("-p tcp --dport 80 -j X", "-p tcp --dport 81 -j X")]
    [InlineData("-d 10.0.0.0/8 -j X", "! -d 10.0.0.0/8 -j X")]
    [InlineData("-s 10.0.0.1 -j X", "-d 10.0.0.1 -j X")]
    [InlineData("-m comment --comment \"-p tcp\" -j X", "-p tcp -m comment --comment \"\" -j X")]
    [InlineData("-p tcp --dport 80 -j X", "-p tcp --dport 80 -j Y")]
    [InlineData("-p tcp -m multiport --dports 1,2 -j X", "-p tcp -m multiport --dports 2,1 -j Y")]
    public void Two_rules_are_not(string one, string other) => Assert.NotEqual(Rule(one), Rule(other));

    [Theory]
    [InlineData("plain")]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("dnat name: \"n1\" id: \"c1\"")]
    [InlineData("back\\slash and 'tick'")]
    [InlineData("-looks like an option")]
    public void Words_come_through_writing_and_reading(string comment)
    {
        IptablesRule rule = new("-m", "comment", "--comment", comment, "-j", "X");
        StringBuilder line = new();
        rule.Write(line);
        Assert.Equal(rule.Words, IptablesRule.Split(line.ToString()));
        Assert.Equal(comment, Rule(line.ToString()).Comment);
    }

    [Fact]
    public void A_rule_is_one_line() => Assert.Throws<System.ArgumentException>(() => new IptablesRule("-j", "X\nCOMMIT"));
}
