using System;
using System.IO;
using CniPS.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CniPS.Linux.Tests.Namespaces;

/// <summary>A namespace that only open files of others keep is waited for, and all of them together no longer than one.</summary>
public sealed class PatienceTests
{
    private const string Own = "/proc/self/ns/net";

    [Fact]
    public void Many_that_stay_open_have_one_time_together()
    {
        using SafeFileHandle open = File.OpenHandle(Own);
        TimeSpan patience = TimeSpan.FromMilliseconds(30);
        Assert.False(Counted(PathOf(open)).EndsWithin(ref patience));
        Assert.True(patience <= TimeSpan.Zero);
        TimeSpan rest = patience;
        for (int i = 0; i < 100; i++)
        {
            Assert.False(Counted(PathOf(open)).EndsWithin(ref patience));
        }

        Assert.Equal(rest, patience);
    }

    [Fact]
    public void One_that_is_closed_ends_without_a_wait()
    {
        TimeSpan patience = TimeSpan.Zero;
        Assert.True(Counted("/proc/self/fd/1000000").EndsWithin(ref patience));
    }

    [Fact]
    public void What_a_process_or_a_mount_keeps_is_not_waited_for()
    {
        TimeSpan patience = TimeSpan.FromMinutes(10);
        Assert.False(Counted(Own).EndsWithin(ref patience));
        Assert.Equal(TimeSpan.FromMinutes(10), patience);
    }

    private static string PathOf(SafeFileHandle open) => $"/proc/self/fd/{open.DangerousGetHandle()}";

    private static CountedNamespace Counted(string path)
    {
        CountedNamespace counted = new(NetworkNamespace.TryIdentify(Own)!.Value.Inode);
        counted.Add(new NamespaceHolder(path, path, null, IsOwn: false));
        return counted;
    }
}
