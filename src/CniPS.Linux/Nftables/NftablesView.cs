using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>nf_tables' questions, typed.</summary>
internal sealed class NftablesView : INftablesView
{
    private readonly NetworkNamespace _namespace;
    private readonly NetlinkSocket _socket;
    private readonly NetlinkBatch _request = new(512);
    private readonly object _gate = new();

    internal NftablesView(NetworkNamespace ns, NetlinkSocket socket)
    {
        _namespace = ns;
        _socket = socket;
    }

    /// <inheritdoc/>
    public bool HasTable(NftTable table)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETTABLE, 0, table);
            _request.Attribute(Nf.NFTA_TABLE_NAME, table.Name);
            return Find($"look up table {table}", out _);
        }
    }

    /// <inheritdoc/>
    public bool HasChain(NftTable table, string chain) => FindChain(table, chain) is not null;

    /// <inheritdoc/>
    public NftChain? FindChain(NftTable table, string chain)
    {
        if (chain.Length > NftChain.LongestName)
        {
            return null; // nobody could have made it, and the kernel refuses the question
        }

        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETCHAIN, 0, table);
            _request.Attribute(Nf.NFTA_CHAIN_TABLE, table.Name);
            _request.Attribute(Nf.NFTA_CHAIN_NAME, chain);
            return Find($"look up chain {table} {chain}", out ReadOnlyMemory<byte> body)
                ? new NftChain(chain, NftHook.Read(NftMessage.Attributes(body.Span)))
                : null;
        }
    }

    /// <inheritdoc/>
    public bool IsDormant(NftTable table)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETTABLE, 0, table);
            _request.Attribute(Nf.NFTA_TABLE_NAME, table.Name);
            return Find($"look up table {table}", out ReadOnlyMemory<byte> body)
                && (Number(NftMessage.Attributes(body.Span), Nf.NFTA_TABLE_FLAGS) & Nf.NFT_TABLE_F_DORMANT) != 0;
        }
    }

    /// <inheritdoc/>
    public bool IsRight(string key, Func<bool> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        uint own = Generations.Own;
        uint? generation = FindGeneration();
        if (Generations.Knows(key, own, generation))
        {
            return true;
        }

        bool isRight = look();
        if (isRight)
        {
            Generations.Learn(key, own, generation);
        }

        return isRight;
    }

    /// <summary>What was found right, and when.</summary>
    internal NftGenerations Generations { get; } = new();

    // The number that nf_tables gives to what it holds, and counts up with each transaction; null where it has none.
    private uint? FindGeneration()
    {
        lock (_gate)
        {
            _request.Clear();
            NftMessage.Begin(_request, Nf.NFT_MSG_GETGEN, 0, default);
            NetlinkReply reply = _socket.Get(_request);
            return reply.Errno == 0 ? Number(NftMessage.Attributes(reply.Data.Span), Nf.NFTA_GEN_ID) : null;
        }
    }

    /// <inheritdoc/>
    public NftElement? FindElement(NftSet set, NftValue key)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETSETELEM, 0, set.Table);
            NftElement.WriteKey(_request, set, key);
            NftElement? found = null;
            if (Find($"look up element {key} of {set.Word} {set}", out ReadOnlyMemory<byte> body))
            {
                NetlinkAttributes answer = NftMessage.Attributes(body.Span);
                ReadElements(answer, set, ref found, static (ref NftElement? f, NftElement element) => f = element);
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<NftElement> GetElements(NftSet set)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETSETELEM, Nl.NLM_F_DUMP, set.Table);
            _request.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, set.Table.Name);
            _request.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, set.Name);
            return List<NftElement>($"list {set.Word} {set}", (list, body) =>
                ReadElements(NftMessage.Attributes(body), set, ref list, static (ref List<NftElement> l, NftElement element) => l.Add(element)));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<NftRule> GetRules(NftTable table, string chain)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETRULE, Nl.NLM_F_DUMP, table);
            _request.Attribute(Nf.NFTA_RULE_TABLE, table.Name);
            _request.Attribute(Nf.NFTA_RULE_CHAIN, chain);
            return List<NftRule>($"list chain {table} {chain}", static (list, body) => list.Add(NftRule.Read(NftMessage.Attributes(body))));
        }
    }

    /// <inheritdoc/>
    public void RequireReadable(NftTable table, NftRuleBody rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.NeedsProgram)
        {
            NftRun.Check(_namespace, table, rule);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> GetChains(NftTable table)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETCHAIN, Nl.NLM_F_DUMP, table);
            return List<string>($"list the chains of table {table}", (list, body) =>
                AddName(list, body, table, Nf.NFTA_CHAIN_TABLE, Nf.NFTA_CHAIN_NAME));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> GetSets(NftTable table)
    {
        lock (_gate)
        {
            Begin(Nf.NFT_MSG_GETSET, Nl.NLM_F_DUMP, table);
            _request.Attribute(Nf.NFTA_SET_TABLE, table.Name);
            return List<string>($"list the sets of table {table}", (list, body) =>
            {
                if (!IsAnonymous(NftMessage.Attributes(body)))
                {
                    AddName(list, body, table, Nf.NFTA_SET_TABLE, Nf.NFTA_SET_NAME);
                }
            });
        }
    }

    /// <summary>Called for each element.</summary>
    internal delegate void ElementVisitor<TState>(ref TState state, NftElement element);

    /// <summary>Reads what stands behind nfgenmsg in an NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM message.</summary>
    internal static void ReadElements<TState>(NetlinkAttributes message, NftSet set, ref TState state, ElementVisitor<TState> visit)
    {
        while (message.Next())
        {
            if (message.Type != Nf.NFTA_SET_ELEM_LIST_ELEMENTS)
            {
                continue;
            }

            NetlinkAttributes elements = message.Nested;
            while (elements.Next())
            {
                if (NftElement.Read(elements.Nested, set) is { } element)
                {
                    visit(ref state, element);
                }
            }
        }
    }

    private static uint? Number(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Next())
        {
            if (attributes.Type == type)
            {
                return attributes.BigEndian32;
            }
        }

        return null;
    }

    private static bool IsAnonymous(NetlinkAttributes set) => (Number(set, Nf.NFTA_SET_FLAGS) & Nf.NFT_SET_ANONYMOUS) > 0;

    private static void AddName(List<string> list, ReadOnlySpan<byte> body, NftTable table, ushort tableAttribute, ushort nameAttribute)
    {
        string? name = null;
        bool mine = false;
        NetlinkAttributes attributes = NftMessage.Attributes(body);
        while (attributes.Next())
        {
            if (attributes.Type == tableAttribute)
            {
                mine = attributes.Text == table.Name;
            }
            else if (attributes.Type == nameAttribute)
            {
                name = attributes.Text;
            }
        }

        if (mine && name is not null)
        {
            list.Add(name);
        }
    }

    private void Begin(ushort type, ushort flags, NftTable table)
    {
        _request.Clear();
        NftMessage.Begin(_request, type, flags, table.Family);
    }

    private bool Find(string operation, out ReadOnlyMemory<byte> body)
    {
        NetlinkReply reply = _socket.Get(_request);
        body = reply.Data;
        if (reply.Errno == Errno.ENOENT)
        {
            return false;
        }

        reply.ThrowIfFailed(operation);
        return true;
    }

    private delegate void ItemReader<T>(List<T> list, ReadOnlySpan<byte> body);

    private List<T> List<T>(string operation, ItemReader<T> read)
    {
        try
        {
            return _socket.Dump(
                _request,
                operation,
                () => (list: new List<T>(), read),
                static (ref (List<T> list, ItemReader<T> read) state, ushort type, ReadOnlySpan<byte> body) => state.read(state.list, body)).list;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return [];
        }
    }
}
