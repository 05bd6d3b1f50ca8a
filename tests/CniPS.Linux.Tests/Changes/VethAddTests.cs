using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>A pair is made with the queues that it uses, by the change and by its command.</summary>
public sealed class VethAddTests
{
    [Fact]
    public void EachEndHasOneQueueEachWay()
    {
        using Sandbox box = new();
        using NetworkNamespace made = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("made")));
        using NetworkNamespace typed = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("typed")));
        box.Host.Apply([new VethAdd(box.Host.Namespace, "veth1", made, "eth0") { Mtu = 1400 }]);
        Sandbox.Run(new VethAdd(box.Host.Namespace, "veth2", typed, "eth0") { Mtu = 1400 }.Text);

        foreach ((NetworkNamespace ns, string name) in ((NetworkNamespace, string)[])[(box.Host.Namespace, "veth1"), (made, "eth0"), (box.Host.Namespace, "veth2"), (typed, "eth0")])
        {
            string link = Sandbox.Run($"ip -n {ns.Name} -d link show {name}");
            Assert.Contains("numtxqueues 1 ", link);
            Assert.Contains("numrxqueues 1 ", link);
            Assert.Contains("mtu 1400 ", link);
        }
    }
}
