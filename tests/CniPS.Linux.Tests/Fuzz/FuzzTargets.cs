using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Files;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Interop;
using CniPS.Linux.Iptables;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Fuzz;

/// <summary>
/// A fuzz target for each byte and text format that comes from the kernel, from other programs or from the link: whatever comes, reading it ends, and
/// what it throws is an error that is meant for a person. What once failed lies in tests/corpus.
/// </summary>
public sealed class FuzzTargets
{
    private static readonly NftTable s_table = new(NftFamily.Inet, "cnips");

    private static readonly NftSet[] s_sets =
    [
        new(s_table, "masquerade4", NftType.IPv4Address, NftType.Verdict),
        new(s_table, "ports", NftType.Concat(NftType.Protocol, NftType.Service), NftType.Concat(NftType.IPv4Address, NftType.Service)),
        new(s_table, "sources", NftType.Concat(NftType.InterfaceName, NftType.EtherAddress)),
        new(s_table, "marks", NftType.Mark),
    ];

    [Fact]
    public void DhcpPackets() => Mutator.Run("dhcp-packet", WireSamples.DhcpPackets, bytes =>
    {
        if (DhcpPacket.TryUnwrap(bytes, out ReadOnlySpan<byte> payload) && DhcpMessage.TryParse(payload, out DhcpMessage? message))
        {
            Tell(message);
        }
    }, _ => false);

    [Fact]
    public void DhcpMessages() => Mutator.Run("dhcp-message", WireSamples.DhcpMessages, bytes =>
    {
        if (DhcpMessage.TryParse(bytes, out DhcpMessage? message))
        {
            Tell(message);

            // What was read can be written, and says the same.
            Assert.True(DhcpMessage.TryParse(message.ToBytes(), out DhcpMessage? again));
            Assert.Equal(message.Options.All.Where(option => option.Key != DhcpOptionCode.Overload), again.Options.All.Where(option => option.Key != DhcpOptionCode.Overload));
        }
    }, _ => false);

    [Fact]
    public void DnsMessages() => Mutator.Run("dns", WireSamples.DnsMessages, bytes =>
    {
        if (DnsMessage.Read(bytes, 0x1234, System.Net.Sockets.AddressFamily.InterNetwork) is { } answer)
        {
            Assert.InRange(answer.Addresses.Count, 0, bytes.Length / 4);
        }
    }, _ => false);

    [Fact]
    public void ResolverFiles() => Mutator.Run("resolv-conf", WireSamples.ResolverFiles, bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        Assert.InRange(ResolverFile.Parse(text).Servers.Count, 0, 3);
        HostsFile.Find(text, "localhost");
    }, _ => false);

    [Fact]
    public void DBusMessages() => Mutator.Run("dbus", WireSamples.DBusMessages, bytes =>
    {
        if (bytes.Length >= DBusMessage.Head)
        {
            Assert.InRange(DBusMessage.Rest(bytes), 0, 2L * uint.MaxValue);
        }

        DBusMessage.Read(bytes);
    }, e => e is FormatException);

    [Fact]
    public void NetlinkDatagrams() => Mutator.Run("netlink", WireSamples.Datagrams, bytes =>
    {
        ReadOnlySpan<byte> rest = bytes;
        while (NetlinkMessage.TryTake(ref rest, out nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            NetlinkReply reply = default;
            reply.Read(header, body);
        }
    }, _ => false);

    [Fact]
    public void Links() => Route("link", [Rt.RTM_NEWLINK, Rt.RTM_DELLINK], body => Link.Read(body));

    [Fact]
    public void BridgePorts() => Route("bridge-port", [Rt.RTM_NEWLINK, Rt.RTM_DELLINK], body => BridgeVlans.Read(body, out _));

    [Fact]
    public void Addresses() => Route("address", [Rt.RTM_NEWADDR, Rt.RTM_DELADDR], body => InterfaceAddress.Read(body));

    [Fact]
    public void Routes() => Route("route", [Rt.RTM_NEWROUTE], body => RouteEntry.Read(body, []));

    [Fact]
    public void RoutingRules() => Mutator.Run("routing-rule", [WireSamples.RoutingRule], bytes => RuleEntry.Read(bytes), IsTyped);

    [Fact]
    public void Qdiscs() => Mutator.Run("qdisc", [WireSamples.Qdisc], bytes => Qdisc.Read(bytes, WireSamples.QdiscLink), IsTyped);

    [Fact]
    public void Connections() => Mutator.Run("conntrack", [WireSamples.Connection], bytes => ConntrackTuple.Read(bytes).WriteDelete(new NetlinkBatch()), IsTyped);

    [Fact]
    public void NftRules() => Mutator.Run("nft-rule", WireSamples.Nftables(Nf.NFT_MSG_NEWRULE), bytes =>
    {
        NftRule rule = NftRule.Read(NftMessage.Attributes(bytes));
        foreach (NftFamily family in (NftFamily[])[NftFamily.Inet, NftFamily.IPv4, NftFamily.IPv6])
        {
            NftRuleMeaning.Of(rule, family);
        }

        foreach (NftRuleBody wanted in WireSamples.Rules)
        {
            NftRuleComparison.IsSame(new NoNftables(), s_table, wanted, rule);
        }
    }, IsTyped);

    [Fact]
    public void NftElements() => Mutator.Run("nft-element", WireSamples.Nftables(Nf.NFT_MSG_NEWSETELEM), bytes =>
    {
        foreach (NftSet set in s_sets)
        {
            List<NftElement> elements = [];
            NftablesView.ReadElements(NftMessage.Attributes(bytes), set, ref elements, static (ref List<NftElement> list, NftElement element) => list.Add(element));
            elements.ForEach(element => element.ToString());
        }
    }, IsTyped);

    [Fact]
    public void NftChains() => Mutator.Run("nft-chain", WireSamples.Nftables(Nf.NFT_MSG_NEWCHAIN), bytes => NftHook.Read(NftMessage.Attributes(bytes))?.ToString(), IsTyped);

    [Theory]
    [InlineData(false, "ip saddr { 10.0.0.0/8, 192.0.2.1 } tcp dport != 80-90 ct state established,related meta mark 0x10")]
    [InlineData(true, "ip6 daddr fd00::1-fd00::9 udp sport { 53, 5353 } iifname \"eth0\" tcp flags syn")]
    public void NftConditionTexts(bool v6, string sample) => Mutator.Run(
        "nft-condition", Texts(sample), bytes => string.Join(' ', NftConditions.Read(Encoding.UTF8.GetString(bytes), v6)), e => e is FormatException);

    [Fact]
    public void IptablesTables() => Mutator.Run(
        "iptables-save",
        Texts("*nat\n:PREROUTING ACCEPT [0:0]\n:CNI-1 - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-1\n"
            + "-A CNI-1 -s 10.1.0.0/24 ! -d 224.0.0.0/4 -p tcp -m comment --comment \"name: \\\"n\\\" id: \\\"a\\\"\" -j MASQUERADE\nCOMMIT\n"),
        bytes =>
        {
            IptablesContent content = new(Encoding.UTF8.GetString(bytes));
            foreach (IptablesRule rule in content.Chains.SelectMany(content.RulesOf))
            {
                Assert.True(rule.IsLike(rule));
                Assert.True(rule.Target is null || content.IsUsed(rule.Target));
            }
        },
        IsTyped);

    [Fact]
    public void LockLists() => Mutator.Run(
        "locks",
        Texts("1: FLOCK  ADVISORY  WRITE 1234 00:2f:5678 0 EOF\n1: -> FLOCK  ADVISORY  READ 1235 00:2f:5678 0 EOF\n2: POSIX  ADVISORY  WRITE -1 fd:00:9 0 EOF\n"),
        bytes => LockHolders.Of(Encoding.UTF8.GetString(bytes), 0, 0x2f, 5678),
        _ => false);

    [Fact]
    public void AddressTexts() => Mutator.Run("prefix", Texts("10.15.20.2/24", "fd00::1/64", "02:00:00:00:00:01"), bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        IpPrefix.TryParse(text, out _);
        IpText.TryParse(text, out _);
        MacAddress.TryParse(text, out _);
    }, _ => false);

    private static void Route(string target, ushort[] types, Action<byte[]> read) =>
        Mutator.Run(target, WireSamples.Route(types), read, IsTyped);

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static bool IsTyped(Exception e) => e is LinuxException;

    // To a client at each of its states.
    private static void Tell(DhcpMessage message)
    {
        DhcpLease lease = DhcpLease.From(message);
        _ = (lease.Prefix, lease.Gateway, lease.Server, lease.Routes, lease.Renewal, lease.Rebinding);
        DhcpClient client = new(new DhcpClientSettings { Mac = WireSamples.Mac, ClientId = [0, 1] }, () => 0);
        TimeSpan now = TimeSpan.Zero;
        client.Start(now);
        for (int i = 0; i < 6 && client.State != DhcpState.Ended; i++)
        {
            client.Receive(message, now);
            now = client.Deadline == TimeSpan.MaxValue ? now : client.Deadline;
            client.Tick(now);
        }

        client.Release();
    }
}
