using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CniPS.Linux.Namespaces;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Namespaces;

/// <summary>A namespace whose way in is opened ahead of its use.</summary>
public sealed class PreparationTests
{
    [Fact]
    public void What_was_prepared_leads_into_that_namespace()
    {
        using Sandbox box = new();
        string blue = box.AddNamespace("blue");
        Sandbox.Run($"ip -n {blue} link add here type veth peer name there");
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(blue));

        ns.Prepare();
        ns.Prepare();

        Assert.Contains("here", box.Host.GetLinks(ns).Select(link => link.Name));
    }

    [Fact]
    public void Closing_what_was_prepared_and_never_used_leaves_no_descriptor_and_no_thread_behind()
    {
        using Sandbox box = new();
        string path = NamedNamespaces.PathOf(box.AddNamespace("blue"));
        Visit();
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 200; i++)
        {
            Visit();
        }

        // Other tests open files of their own at the same time, but not two hundred.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 100);
        Assert.DoesNotContain(Inode(path), Directory.GetDirectories("/proc/self/task").Select(task => Inode($"{task}/ns/net")));

        void Visit()
        {
            using NetworkNamespace ns = NetworkNamespace.Open(path);
            ns.Prepare();
        }
    }

    [Fact]
    public async Task Many_may_prepare_and_use_one_at_once()
    {
        using Sandbox box = new();
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(box.AddNamespace("blue")));

        IReadOnlyList<int>[] links = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(IReadOnlyList<int> () =>
        {
            ns.Prepare();
            return [.. box.Host.GetLinks(ns).Select(link => link.Index)];
        })));

        Assert.All(links, list => Assert.Equal([1], list));
    }

    private static string Inode(string path)
    {
        try
        {
            return Sandbox.TryRun($"stat -Lc %i {path}").Output.Trim();
        }
        catch (DirectoryNotFoundException)
        {
            return "";
        }
    }
}
