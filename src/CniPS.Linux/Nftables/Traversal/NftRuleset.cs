using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>
/// All that nf_tables holds in a namespace, of every family, whoever made it: four dumps, and one for each set that a packet is looked up in. A picture
/// of a moment, over which a packet's way can be followed (<see cref="ChainsAt"/>).
/// </summary>
public sealed class NftRuleset : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly NetlinkBatch _request = new(256);
    private readonly HashSet<NftTable> _dormant = [];
    private readonly Dictionary<(NftTable Table, string Chain), DumpedChain> _chains = [];
    private readonly Dictionary<(NftTable Table, string Set), DumpedSet> _sets = [];
    private readonly HashSet<DumpedSet> _filled = [];
    private readonly List<DumpedChain> _base = [];

    private NftRuleset(NetlinkSocket socket) => _socket = socket;

    /// <summary>Reads; an empty one where the kernel has no nf_tables.</summary>
    /// <param name="ns">The namespace.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NftRuleset Read(NetworkNamespace ns)
    {
        ArgumentNullException.ThrowIfNull(ns);
        NftRuleset rules = new(ns.OpenSocket(Nl.NETLINK_NETFILTER));
        try
        {
            rules.Read();
            return rules;
        }
        catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return rules;
        }
        catch
        {
            rules.Dispose();
            throw;
        }
    }

    /// <summary>Whether anything is asked of any packet.</summary>
    public bool IsEmpty => _base.Count == 0;

    /// <summary>The base chains that a packet passes at a hook, the lowest priority first.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="v6">Whether it is of IPv6.</param>
    public IReadOnlyList<PacketChain> ChainsAt(NftHookPoint hook, bool v6) =>
        Select(chain => chain.Hook == (uint)hook && (chain.Table.Family == NftFamily.Inet || chain.Table.Family == (v6 ? NftFamily.IPv6 : NftFamily.IPv4)));

    /// <summary>The base chains that a frame passes in a bridge.</summary>
    /// <param name="hook">The hook.</param>
    public IReadOnlyList<PacketChain> BridgeChainsAt(NftHookPoint hook) => Select(chain => chain.Hook == (uint)hook && chain.Table.Family == NftFamily.Bridge);

    /// <summary>The base chains that a frame passes where it enters or leaves a link.</summary>
    /// <param name="link">The link's name.</param>
    /// <param name="egress">Whether it leaves.</param>
    public IReadOnlyList<PacketChain> DeviceChainsOf(string link, bool egress) => Select(chain => chain.Devices.Contains(link) && (chain.Table.Family == NftFamily.Netdev
        ? chain.Hook == (egress ? NfExpr.NF_NETDEV_EGRESS : NfExpr.NF_NETDEV_INGRESS)
        : !egress && chain.Table.Family == NftFamily.Inet && chain.Hook == NfExpr.NF_INET_INGRESS));

    internal DumpedChain? Find(NftTable table, string chain) => _chains.GetValueOrDefault((table, chain));

    internal DumpedSet? FindSet(NftTable table, string name)
    {
        if (_sets.GetValueOrDefault((table, name)) is not { } set)
        {
            return null;
        }

        if (_filled.Add(set))
        {
            NftMessage.Begin(Clear(), Nf.NFT_MSG_GETSETELEM, Nl.NLM_F_DUMP, table.Family);
            _request.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, table.Name);
            _request.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, name);
            Dump("list the elements of a set", (_, attributes) => set.Add(attributes));
        }

        return set;
    }

    /// <summary>What a rule says; null where there is none of that handle any more.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="chain">Its chain.</param>
    /// <param name="handle">Its number in the table.</param>
    /// <param name="packet">A packet that it was asked about.</param>
    public DecidingRule? Describe(NftTable table, string chain, ulong handle, FilteredPacket packet)
    {
        if (Find(table, chain) is not { } found || found.Rules.Find(rule => rule.Rule.Handle == handle) is not { } rule)
        {
            return null;
        }

        RuleReading reading = new(this, table, packet, new PacketFacts(packet));
        reading.Tell(rule);
        return NftBaseChain.Describe(found, rule, reading);
    }

    private List<PacketChain> Select(Predicate<DumpedChain> isMeant)
    {
        List<PacketChain> chains = [];
        foreach (DumpedChain chain in _base)
        {
            if (isMeant(chain) && !_dormant.Contains(chain.Table))
            {
                chains.Add(new NftBaseChain(this, chain));
            }
        }

        chains.Sort(static (a, b) => a.Priority.CompareTo(b.Priority)); // of the same priority hardly ever two; the kernel asks the newer one first
        return chains;
    }

    private void Read()
    {
        NftMessage.Begin(Clear(), Nf.NFT_MSG_GETTABLE, Nl.NLM_F_DUMP, default);
        Dump("list tables", ReadTable);
        NftMessage.Begin(Clear(), Nf.NFT_MSG_GETCHAIN, Nl.NLM_F_DUMP, default);
        Dump("list chains", (family, attributes) =>
        {
            DumpedChain chain = DumpedChain.Read(family, attributes);
            if (_chains.TryAdd((chain.Table, chain.Name), chain) && chain.IsBase)
            {
                _base.Add(chain);
            }
        });
        NftMessage.Begin(Clear(), Nf.NFT_MSG_GETSET, Nl.NLM_F_DUMP, default);
        Dump("list sets", (family, attributes) =>
        {
            DumpedSet set = DumpedSet.Read(family, attributes);
            _sets[(new NftTable((NftFamily)family, set.Table), set.Name)] = set;
        });
        NftMessage.Begin(Clear(), Nf.NFT_MSG_GETRULE, Nl.NLM_F_DUMP, default);
        Dump("list rules", ReadRule);
    }

    private void ReadTable(byte family, NetlinkAttributes attributes)
    {
        string name = "";
        bool sleeps = false;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_TABLE_NAME: name = attributes.Text; break;
                case Nf.NFTA_TABLE_FLAGS: sleeps = (attributes.BigEndian32 & Nf.NFT_TABLE_F_DORMANT) != 0; break;
            }
        }

        if (sleeps)
        {
            _dormant.Add(new NftTable((NftFamily)family, name));
        }
    }

    private void ReadRule(byte family, NetlinkAttributes attributes)
    {
        NetlinkAttributes again = attributes;
        string table = "", chain = "";
        while (again.Next())
        {
            switch (again.Type)
            {
                case Nf.NFTA_RULE_TABLE: table = again.Text; break;
                case Nf.NFTA_RULE_CHAIN: chain = again.Text; break;
            }
        }

        NftRule rule = NftRule.Read(attributes);
        Find(new NftTable((NftFamily)family, table), chain)?.Rules.Add(new DumpedRule(rule, NftExpression.Read(rule.Expressions.Span)));
    }

    private NetlinkBatch Clear()
    {
        _request.Clear();
        return _request;
    }

    private delegate void MessageReader(byte family, NetlinkAttributes attributes);

    private void Dump(string operation, MessageReader read) => _socket.Dump(
        _request,
        operation,
        () => read,
        static (ref MessageReader reader, ushort _, ReadOnlySpan<byte> body) =>
        {
            nfgenmsg header = NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes);
            reader(header.nfgen_family, attributes);
        });

    /// <summary>Closes the socket by which sets are read.</summary>
    public void Dispose() => _socket.Dispose();
}
