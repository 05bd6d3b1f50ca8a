using System.Diagnostics;
using CniPS.Linux.Namespaces;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Namespaces;

/// <summary>A namespace's number outlives the namespace: the kernel ends it some time after the last who kept it has gone.</summary>
public sealed class NumberTests
{
    [Fact]
    public void A_namespace_lives_as_long_as_anything_keeps_it()
    {
        using Sandbox box = new();
        string name = box.AddNamespace("blue");
        Sandbox.Run($"ip -n {box.HostName} link add veth1 type veth peer name eth0 netns {name}");
        NetworkNamespace host = box.Host.Namespace;
        int number = Assert.NotNull(box.Host.FindLink(host, "veth1")!.PeerNamespaceId);
        Assert.True(host.IsAlive(number));

        using (NetworkNamespace kept = NetworkNamespace.Open(NamedNamespaces.PathOf(name)))
        {
            box.RemoveNamespace(name);
            Assert.True(host.IsAlive(number));
        }

        // Another program that runs in a mount namespace of its own may have taken over the mount.
        for (Stopwatch watch = Stopwatch.StartNew(); host.IsAlive(number) && watch.Elapsed.TotalSeconds < 30;)
        {
            System.Threading.Thread.Sleep(1);
        }

        Assert.False(host.IsAlive(number));
    }
}
