using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>rtnetlink runs a batch to its end; what failed in it, and what was made, is known.</summary>
public sealed class BatchTests
{
    [Fact]
    public void A_failure_in_the_middle_is_reported_with_what_was_made_around_it()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));
        Sandbox.Run($"ip -n {ns.Name} link add here type veth peer name there && ip -n {ns.Name} addr add 10.1.2.3/24 dev here");
        LinkId link = box.Host.FindLink(ns, "here")!.Id;
        Change[] changes =
        [
            new LinkSet(ns, link) { Up = true },
            new AddressAdd(ns, link, IpPrefix.Parse("10.1.2.3/24")),
            new AddressAdd(ns, link, IpPrefix.Parse("10.1.3.3/24")),
        ];

        ChangeException failure = Assert.Throws<ChangeException>(() => box.Host.Apply(changes));

        Assert.Same(changes[1], failure.Change);
        Assert.Equal([changes[0], changes[2]], System.Linq.Enumerable.Select(failure.Made, made => made.Change));
        Assert.Contains("10.1.3.3", Sandbox.Run($"ip -n {ns.Name} addr show dev here"));
    }
}
