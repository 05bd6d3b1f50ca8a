using System;
using Etcdserverpb;
using Google.Protobuf;

namespace CniPS.Node.Store;

/// <summary>The parts of a transaction, by name.</summary>
internal static class Commit
{
    /// <summary>There is no such key.</summary>
    internal static Compare IsMissing(string key) => Version(key, Compare.Types.CompareResult.Equal);

    /// <summary>There is such a key.</summary>
    internal static Compare IsThere(string key) => Version(key, Compare.Types.CompareResult.Greater);

    /// <summary>No key begins with that.</summary>
    internal static Compare IsEmpty(string prefix)
    {
        Compare compare = IsMissing(prefix);
        compare.RangeEnd = EtcdStore.EndOf(prefix);
        return compare;
    }

    /// <summary>A key holds that.</summary>
    internal static Compare Holds(string key, ByteString value) => new()
    {
        Key = EtcdStore.Bytes(key), Target = Compare.Types.CompareTarget.Value, Result = Compare.Types.CompareResult.Equal, Value = value,
    };

    /// <summary>Puts a key.</summary>
    internal static RequestOp Put(string key, ReadOnlyMemory<byte> value, long lease = 0) =>
        new() { RequestPut = new PutRequest { Key = EtcdStore.Bytes(key), Value = ByteString.CopyFrom(value.Span), Lease = lease } };

    /// <summary>Deletes a key.</summary>
    internal static RequestOp Delete(string key) => new() { RequestDeleteRange = new DeleteRangeRequest { Key = EtcdStore.Bytes(key) } };

    /// <summary>Reads a key.</summary>
    internal static RequestOp Read(string key) => new() { RequestRange = new RangeRequest { Key = EtcdStore.Bytes(key) } };

    /// <summary>What one of <see cref="Read"/> has read; null where there was no key.</summary>
    internal static ByteString? Answer(TxnResponse response, int index) =>
        response.Responses[index].ResponseRange.Kvs is [{ } found, ..] ? found.Value : null;

    private static Compare Version(string key, Compare.Types.CompareResult result) =>
        new() { Key = EtcdStore.Bytes(key), Target = Compare.Types.CompareTarget.Version, Result = result, Version = 0 };
}
