using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>Hears in one namespace what nf_tables decides about traced packets (NFNLGRP_NFTRACE), and keeps what is about one probe.</summary>
internal sealed unsafe class TraceListener : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly ProbeBytes _probe;
    private readonly string _table;
    private readonly Dictionary<uint, string> _links;
    private readonly Dictionary<uint, TraceStep> _seen = []; // by the packet's number: headers are told once for each hook
    private readonly byte[] _buffer = new byte[65536];

    /// <summary>Begins to listen.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="table">The name of the probe's own tables.</param>
    /// <param name="probe">The packet.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal TraceListener(NetworkNamespace ns, string table, ProbeBytes probe)
    {
        _table = table;
        _probe = probe;
        _links = [];
        foreach (Route.LinkCounters link in ns.GetCounters())
        {
            _links[(uint)link.Link.Index] = link.Link.Name;
        }

        _handle = ns.OpenSocket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, Nl.NETLINK_NETFILTER);
        int fd = (int)_handle.DangerousGetHandle(), group = Nf.NFNLGRP_NFTRACE;
        sockaddr_nl own = new() { nl_family = (ushort)LibC.AF_NETLINK }; // a socket without an address hears nothing
        if (LibC.bind(fd, (sockaddr*)&own, (uint)sizeof(sockaddr_nl)) != 0
            || LibCAhead.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_ADD_MEMBERSHIP, &group, sizeof(int)) != 0)
        {
            LinuxException failure = LinuxException.Last($"listen to nf_tables' trace in namespace {ns}");
            _handle.Dispose();
            throw failure;
        }
    }

    /// <summary>For poll(2).</summary>
    internal SafeHandle Handle => _handle;

    /// <summary>Whether something was decided that nobody read in time.</summary>
    internal bool IsOverrun { get; private set; }

    /// <summary>What was decided so far, in order.</summary>
    internal List<TraceStep> Steps { get; } = [];

    /// <summary>Reads what there is.</summary>
    internal void Read()
    {
        while (true)
        {
            nint n;
            fixed (byte* p = _buffer)
            {
                n = LibCAhead.recv((int)_handle.DangerousGetHandle(), p, _buffer.Length, LibC.MSG_DONTWAIT);
            }

            if (n < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                IsOverrun |= errno == Errno.ENOBUFS;
                if (errno is Errno.ENOBUFS or Errno.EINTR)
                {
                    continue;
                }

                return;
            }

            ReadOnlySpan<byte> datagram = _buffer.AsSpan(0, (int)n);
            while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
            {
                if (header.nlmsg_type == Nf.NFT_MSG_TRACE && Decode(body) is { } step && !IsRepeated(step))
                {
                    Steps.Add(step);
                }
            }
        }
    }

    // In the probe's own chains the rule that has a packet traced comes first, and then the policy.
    private static bool IsRepeated(TraceStep step) => step.Hook is not null && step.Kind != TraceKind.Policy;

    private TraceStep? Decode(ReadOnlySpan<byte> body)
    {
        NftFamily family = (NftFamily)NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes).nfgen_family;
        string table = "", chain = "";
        TraceKind kind = TraceKind.Policy;
        int verdict = 0;
        uint id = 0, mark = 0;
        ulong rule = 0;
        string? target = null, linkIn = null, linkOut = null;
        ReadOnlySpan<byte> network = default, transport = default;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_TRACE_TABLE: table = attributes.Text; break;
                case Nf.NFTA_TRACE_CHAIN: chain = attributes.Text; break;
                case Nf.NFTA_TRACE_RULE_HANDLE: rule = attributes.BigEndian64; break;
                case Nf.NFTA_TRACE_TYPE: kind = (TraceKind)attributes.BigEndian32; break;
                case Nf.NFTA_TRACE_POLICY: verdict = (int)attributes.BigEndian32; break;
                case Nf.NFTA_TRACE_VERDICT:
                    NftVerdict decided = NftVerdict.Read(attributes.Nested);
                    (verdict, target) = ((int)decided.Kind, decided.Chain);
                    break;
                case Nf.NFTA_TRACE_ID: id = attributes.BigEndian32; break;
                case Nf.NFTA_TRACE_NETWORK_HEADER: network = attributes.Value; break;
                case Nf.NFTA_TRACE_TRANSPORT_HEADER: transport = attributes.Value; break;
                case Nf.NFTA_TRACE_IIF: linkIn = NameOf(attributes.BigEndian32); break;
                case Nf.NFTA_TRACE_OIF: linkOut = NameOf(attributes.BigEndian32); break;
                case Nf.NFTA_TRACE_MARK: mark = attributes.BigEndian32; break;
            }
        }

        TraceStep step = new(family, table, chain, kind, (TraceVerdict)verdict)
        {
            Rule = rule,
            Target = target,
            InterfaceIn = linkIn,
            InterfaceOut = linkOut,
            Mark = mark,
        };
        if (table == _table)
        {
            bool isEnd = chain.EndsWith("-last", StringComparison.Ordinal);
            step = step with { Hook = Enum.Parse<ProbeHook>(chain.AsSpan(0, chain.IndexOf('-')), ignoreCase: true), IsEndOfHook = isEnd };
        }

        return Know(step, id, network, transport);
    }

    // Headers come with the first message of each chain at a hook; what is no packet of this probe's is another tracer's.
    private TraceStep? Know(TraceStep step, uint id, ReadOnlySpan<byte> network, ReadOnlySpan<byte> transport)
    {
        if (TraceHeaders.Read(_probe, network, transport) is { } headers)
        {
            step = step with { Direction = headers.Direction, Source = headers.Source, Destination = headers.Destination };
            _seen[id] = step;
            return step;
        }

        return network.IsEmpty && _seen.TryGetValue(id, out TraceStep? before)
            ? step with
            {
                Direction = before.Direction,
                Source = before.Source,
                Destination = before.Destination,
                InterfaceIn = step.InterfaceIn ?? before.InterfaceIn,
                InterfaceOut = step.InterfaceOut ?? before.InterfaceOut,
            }
            : null;
    }

    private string NameOf(uint index) => _links.TryGetValue(index, out string? name) ? name : $"interface {index}";

    /// <summary>Stops listening.</summary>
    public void Dispose() => _handle.Dispose();
}
