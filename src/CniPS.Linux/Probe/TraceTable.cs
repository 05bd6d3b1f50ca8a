using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Probe;

/// <summary>
/// Tables of the probe's own in one namespace, which belong to a socket (NFT_TABLE_F_OWNER): only through it can they be changed, and the kernel deletes them
/// when it is closed, by whatever end its process comes to. At each hook there is a chain before all others, which has the packets of one probe traced, and one
/// behind all others, which only shows that they came that far. A packet is known by bytes that no other has, so it is found behind NAT as well.
/// </summary>
internal sealed class TraceTable : IDisposable
{
    private const int First = int.MinValue, Last = int.MaxValue;

    private readonly NetlinkSocket _socket;
    private readonly NetworkNamespace _namespace;
    private readonly NetlinkBatch _batch = new(4096);

    private TraceTable(NetworkNamespace ns, string name)
    {
        _namespace = ns;
        Name = name;
        _socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);
    }

    /// <summary>The tables' name.</summary>
    internal string Name { get; }

    /// <summary>Makes them.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="name">The tables' name, which nobody else has.</param>
    /// <param name="probe">The packet.</param>
    /// <param name="interfaces">Interfaces at whose ingress it is looked for as well.</param>
    /// <param name="lacks">What can't be seen there, and why; null where all can.</param>
    /// <exception cref="LinuxException">The kernel makes no such table.</exception>
    internal static TraceTable Make(NetworkNamespace ns, string name, ProbeBytes probe, IReadOnlyList<string> interfaces, out string? lacks)
    {
        TraceTable table = new(ns, name);
        lacks = null;
        try
        {
            table.Add(NftFamily.Inet, probe, []);
            foreach ((NftFamily family, IReadOnlyList<string> links) in (ReadOnlySpan<(NftFamily, IReadOnlyList<string>)>)[(NftFamily.Bridge, []), (NftFamily.Netdev, interfaces)])
            {
                try
                {
                    if (family == NftFamily.Bridge || links.Count > 0)
                    {
                        table.Add(family, probe, links);
                    }
                }
                catch (LinuxException e) when (!e.IsPermission)
                {
                    lacks = $"{(lacks is null ? "" : lacks + "; ")}{e.Message}"; // a kernel without tables of this family
                }
            }

            return table;
        }
        catch (LinuxException)
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>What a chain of the table is called, and where it stands.</summary>
    internal static string ChainName(ProbeHook hook, bool isEnd) => $"{hook.ToString().ToLowerInvariant()}-{(isEnd ? "last" : "first")}";

    private void Add(NftFamily family, ProbeBytes probe, IReadOnlyList<string> interfaces)
    {
        NftTable table = new(family, Name);
        _batch.Clear();
        Frame(Nf.NFNL_MSG_BATCH_BEGIN);
        NftMessage.Begin(_batch, Nf.NFT_MSG_NEWTABLE, NftMessage.Create, family);
        _batch.Attribute(Nf.NFTA_TABLE_NAME, Name);
        _batch.AttributeBigEndian(Nf.NFTA_TABLE_FLAGS, Nf.NFT_TABLE_F_OWNER);
        if (family == NftFamily.Netdev)
        {
            AddIngress(table, probe, interfaces);
        }
        else
        {
            foreach (ProbeHook hook in (ReadOnlySpan<ProbeHook>)[ProbeHook.Prerouting, ProbeHook.Input, ProbeHook.Forward, ProbeHook.Output, ProbeHook.Postrouting])
            {
                NftHookPoint point = (NftHookPoint)((int)hook - 1);
                bool begins = hook is ProbeHook.Prerouting or ProbeHook.Output;
                new NftChainAdd(_namespace, table, ChainName(hook, isEnd: false), new NftHook(NftChainType.Filter, point, First))
                {
                    Rules = begins ? Rules(probe) : [],
                }.Write(_batch);
                new NftChainAdd(_namespace, table, ChainName(hook, isEnd: true), new NftHook(NftChainType.Filter, point, Last)).Write(_batch);
            }
        }

        _batch.AddFlags(Nl.NLM_F_ACK);
        Frame(Nf.NFNL_MSG_BATCH_END);
        foreach (NetlinkReply reply in _socket.Transact(_batch))
        {
            reply.ThrowIfFailed($"add a table for a trace to {NftTable.Word(family)} in namespace {_namespace}");
        }
    }

    private void AddIngress(NftTable table, ProbeBytes probe, IReadOnlyList<string> interfaces)
    {
        string name = ChainName(ProbeHook.Ingress, isEnd: false);
        NftMessage.Begin(_batch, Nf.NFT_MSG_NEWCHAIN, NftMessage.Create, table.Family);
        _batch.Attribute(Nf.NFTA_CHAIN_TABLE, table.Name);
        _batch.Attribute(Nf.NFTA_CHAIN_NAME, name);
        _batch.Attribute(Nf.NFTA_CHAIN_TYPE, "filter");
        using (_batch.Nested(Nf.NFTA_CHAIN_HOOK, flag: true))
        {
            _batch.AttributeBigEndian(Nf.NFTA_HOOK_HOOKNUM, 0u); // NF_NETDEV_INGRESS
            _batch.AttributeBigEndian(Nf.NFTA_HOOK_PRIORITY, unchecked((uint)First));
            using NetlinkBatch.Nest devices = _batch.Nested(Nf.NFTA_HOOK_DEVS, flag: true);
            foreach (string link in interfaces)
            {
                _batch.Attribute(Nf.NFTA_DEVICE_NAME, link);
            }
        }

        NftRuleAdd.Write(_batch, table, name, Rules(probe));
    }

    // The packet, what answers it, and errors that quote it: behind ICMP's header comes IP's, and then the packet's own.
    private static NftRuleBody[] Rules(ProbeBytes probe)
    {
        ReadOnlyMemory<byte> token = probe.Token;
        bool v6 = probe.Packet.IsV6;
        ProtocolType icmp = v6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp;
        uint quoted = 8 + (v6 ? 40u : 20u);
        switch (probe.Packet.Protocol)
        {
            case ProbeProtocol.Tcp:
                return
                [
                    Rule(ProtocolType.Tcp, 4, token[..4]), Rule(ProtocolType.Tcp, 8, Number(probe.Sequence + 1)),
                    Rule(ProtocolType.Tcp, 8, Number(probe.SequenceEnd)), Rule(icmp, quoted + 4, token[..4]),
                ];
            case ProbeProtocol.Udp:
                byte[] port = new byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(port, probe.Number);
                return [Rule(ProtocolType.Udp, 8, token), Rule(ProtocolType.Udp, 2, port), Rule(icmp, quoted + 8, token)];
            default:
                return [Rule(icmp, 8, token), Rule(icmp, quoted + 8, token)];
        }
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static NftRuleBody Rule(ProtocolType protocol, uint offset, ReadOnlyMemory<byte> bytes) =>
        new([new NftMatch(NftField.L4Proto, NftValue.Protocol(protocol)), new NftTransportMatch(offset, bytes), new NftSetTrace()]);

    private void Frame(ushort type) =>
        _batch.Begin(type, 0, new nfgenmsg { res_id = BinaryPrimitives.ReverseEndianness(Nf.NFNL_SUBSYS_NFTABLES) });

    /// <summary>Closes the socket, and so deletes the tables.</summary>
    public void Dispose() => _socket.Dispose();
}
