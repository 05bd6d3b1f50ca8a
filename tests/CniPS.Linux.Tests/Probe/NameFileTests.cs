using System;
using System.Linq;
using System.Net.Sockets;
using CniPS.Linux.Probe;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>What is read of resolv.conf, hosts and DNS' answers.</summary>
public sealed class NameFileTests
{
    [Fact]
    public void A_resolver_s_file_says_whom_to_ask_for_what()
    {
        ResolverFile file = ResolverFile.Parse("# mine\nnameserver 10.0.0.1\nnameserver nonsense\nnameserver\tfd00::1\r\nnameserver 10.0.0.3\nnameserver 10.0.0.4\nsearch a.example b.example.\noptions timeout:1 ndots:2\n");
        Assert.Equal(["10.0.0.1", "fd00::1", "10.0.0.3"], file.Servers.Select(static server => server.ToString()));
        Assert.Equal(["db.a.example", "db.b.example", "db"], file.Candidates("db"));
        Assert.Equal(["db.x.a.example", "db.x.b.example", "db.x"], file.Candidates("db.x"));
        Assert.Equal(["db.x.y", "db.x.y.a.example", "db.x.y.b.example"], file.Candidates("db.x.y"));
        Assert.Equal(["db"], file.Candidates("db."));
        Assert.Equal(["db"], ResolverFile.Parse("").Candidates("db"));
    }

    [Fact]
    public void Hosts_are_found_by_any_of_their_names()
    {
        const string Text = "127.0.0.1 localhost\n10.0.0.2  web web.example # db\nfd00::2 web\nnonsense web\n";
        Assert.Equal(["10.0.0.2", "fd00::2"], HostsFile.Find(Text, "WEB").Select(static address => address.ToString()));
        Assert.Equal(["10.0.0.2"], HostsFile.Find(Text, "web.example.").Select(static address => address.ToString()));
        Assert.Empty(HostsFile.Find(Text, "db"));
        Assert.Empty(HostsFile.Find(Text, "10.0.0.2"));
    }

    [Theory]
    [InlineData("db", true)]
    [InlineData("db-1.example.", true)]
    [InlineData("_dmarc.example", true)]
    [InlineData("10.15.20", false)]
    [InlineData("no body", false)]
    [InlineData("a..b", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    public void Not_every_text_is_a_name(string text, bool isOne) => Assert.Equal(isOne, DnsMessage.IsName(text));

    [Fact]
    public void A_question_is_as_the_specification_has_it() =>
        Assert.Equal("123401000001000000000000026462076578616D706C650000010001", Convert.ToHexString(DnsMessage.Question(0x1234, "db.example", AddressFamily.InterNetwork)));

    [Fact]
    public void An_answer_s_addresses_are_those_of_the_family_that_was_asked_for()
    {
        // As RFC 1035 has it: an alias before the address, names by pointers.
        byte[] answer = Convert.FromHexString("12348180000100020000000003" + "777777076578616D706C650000010001" + "C00C00050001000000090005026462C010" + "C029000100010000000900040A000002");
        Assert.Equal(["10.0.0.2"], DnsMessage.Read(answer, 0x1234, AddressFamily.InterNetwork)!.Addresses.Select(static address => address.ToString()));
        Assert.Empty(DnsMessage.Read(answer, 0x1234, AddressFamily.InterNetworkV6)!.Addresses);
        Assert.Null(DnsMessage.Read(answer, 0x1235, AddressFamily.InterNetwork));
        Assert.Empty(DnsMessage.Read(answer.AsSpan(0, answer.Length - 1), 0x1234, AddressFamily.InterNetwork)!.Addresses);
        answer[3] = 0x83;
        Assert.Equal("NXDOMAIN", DnsMessage.Read(answer, 0x1234, AddressFamily.InterNetwork)!.CodeText);
    }
}
