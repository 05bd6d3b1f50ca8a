using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Linux.Namespaces;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Namespaces;

/// <summary>Many namespaces at once are what each is alone.</summary>
public sealed class NamespaceBatchTests : IDisposable
{
    private readonly Sandbox _box = new(); // skips where there is no privilege
    private readonly string[] _names = [.. Enumerable.Range(0, 40).Select(i => $"batch{Environment.ProcessId}-{i}")];

    [Fact]
    public void Each_is_a_namespace_of_its_own_with_its_loopback_up()
    {
        NamespaceId before = NetworkNamespace.CurrentId();
        Assert.All(NamespaceBatch.Create(_names), Assert.Null);
        Assert.Equal(before, NetworkNamespace.CurrentId());
        HashSet<NamespaceId> ids = [before];
        foreach (string name in _names)
        {
            using NetworkNamespace made = NetworkNamespace.Open(NamedNamespaces.PathOf(name));
            Assert.True(ids.Add(made.Id));
            Assert.True(_box.Host.FindLink(made, "lo")!.IsUp);
        }

        Assert.All(NamespaceBatch.Remove(_names), Assert.Null);
        Assert.DoesNotContain(_names, name => File.Exists(NamedNamespaces.PathOf(name)));
    }

    [Fact]
    public void One_that_fails_fails_alone()
    {
        NamedNamespaces.Create(_names[3]).Dispose();
        NamespaceId? kept = NetworkNamespace.TryIdentify(NamedNamespaces.PathOf(_names[3]));
        IReadOnlyList<LinuxException?> made = NamespaceBatch.Create(_names);
        Assert.True(Assert.Single(made, failure => failure is not null)!.IsExists);
        Assert.Equal($"create namespace {_names[3]}", made[3]!.Operation);
        Assert.Equal(kept, NetworkNamespace.TryIdentify(NamedNamespaces.PathOf(_names[3])));
        NamedNamespaces.Remove(_names[5]);
        IReadOnlyList<LinuxException?> removed = NamespaceBatch.Remove(_names);
        Assert.True(Assert.Single(removed, failure => failure is not null)!.IsNotFound);
        Assert.NotNull(removed[5]);
    }

    [Fact]
    public void None_is_nothing()
    {
        Assert.Empty(NamespaceBatch.Create([]));
        Assert.Empty(NamespaceBatch.Remove([]));
    }

    public void Dispose()
    {
        NamespaceBatch.Remove([.. _names.Where(NamedNamespaces.Exists)]);
        _box.Dispose();
    }
}
