using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Machine;

/// <summary>Many links are deleted by group, and none beside them.</summary>
public sealed class LinkGroupDeletionTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Many_links_go_and_no_other()
    {
        List<Link> links = Pairs(12);
        IReadOnlyList<Applied> made = Delete(links.GetRange(0, 10));

        Assert.Equal(10, made.Count);
        Assert.Equal(["p10", "p11"], Names());
    }

    [Fact]
    public void One_that_is_gone_already_counts_as_deleted()
    {
        List<Link> links = Pairs(6);
        Delete([links[2]]);

        Assert.Equal(6, Delete(links).Count);
        Assert.Empty(Names());
        Assert.Equal(6, Delete(links).Count); // and once more
    }

    [Fact]
    public void What_the_kernel_refuses_is_an_error_of_that_link_and_the_others_can_be_deleted()
    {
        List<Link> links = Pairs(5);
        Link loopback = _sandbox.Host.FindLink(_sandbox.Host.Namespace, "lo")!;

        Assert.Throws<ChangeException>(() => Delete([.. links, loopback]));

        Assert.NotNull(_sandbox.Host.FindLink(_sandbox.Host.Namespace, "lo"));
        Assert.Equal(5, Delete(links).Count);
        Assert.Empty(Names());
    }

    private IReadOnlyList<Applied> Delete(List<Link> links) =>
        _sandbox.Host.Apply([.. links.Select(link => new LinkDelete(_sandbox.Host.Namespace, link.Id))]);

    private List<Link> Pairs(int count)
    {
        using NetworkNamespace container = NetworkNamespace.Open(NamedNamespaces.PathOf(_sandbox.AddNamespace("c")));
        return [.. Enumerable.Range(0, count).Select(i =>
            _sandbox.Host.Apply([new VethAdd(_sandbox.Host.Namespace, $"p{i}", container, $"c{i}")])[0].Link!)];
    }

    private IEnumerable<string> Names() =>
        _sandbox.Host.GetLinks(_sandbox.Host.Namespace).Where(link => link.Kind == "veth").Select(link => link.Name);
}
