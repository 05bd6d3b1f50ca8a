using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using Xunit;

namespace CniPS.Linux.Tests.Namespaces;

/// <summary>A path that leads to no namespace is told at once, whatever is there.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-ns-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_FIFO_a_socket_a_device_and_a_folder_are_none()
    {
        string fifo = Path.Join(_folder, "fifo");
        using (Process made = Process.Start("mkfifo", [fifo]))
        {
            made.WaitForExit();
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Join(_folder, "socket")));

        foreach (string path in new[] { fifo, Path.Join(_folder, "socket"), "/dev/null", "/dev/tty", "/dev/ptmx", _folder })
        {
            NotANamespaceException error = Assert.Throws<NotANamespaceException>(() => NetworkNamespace.Open(path));
            Assert.False(error.IsUnmounted, path);
            Assert.Null(NetworkNamespace.TryIdentify(path));
            Assert.Null(NetworkNamespace.TryOpen(path));
        }
    }

    [Fact]
    public void An_empty_file_is_what_an_unmounted_namespace_leaves()
    {
        string empty = Path.Join(_folder, "empty"), full = Path.Join(_folder, "full");
        File.WriteAllText(empty, "");
        File.WriteAllText(full, "text");

        Assert.True(Assert.Throws<NotANamespaceException>(() => NetworkNamespace.Open(empty)).IsUnmounted);
        Assert.False(Assert.Throws<NotANamespaceException>(() => NetworkNamespace.Open(full)).IsUnmounted);
        Assert.Null(NetworkNamespace.TryOpen(empty));
    }

    [Fact]
    public void One_that_may_have_ended_is_opened_or_is_none()
    {
        Assert.Null(NetworkNamespace.TryOpen(Path.Join(_folder, "gone")));
        using NetworkNamespace? own = NetworkNamespace.TryOpen("/proc/thread-self/ns/net");
        Assert.Equal(NetworkNamespace.CurrentId(), own?.Id);
    }

    [Theory]
    [InlineData("dddddddddddddddd")] // 16
    [InlineData("\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac")] // 18 bytes
    [InlineData("")]
    [InlineData("../../x")]
    [InlineData("a\0b")]
    public void There_is_no_link_of_a_name_that_none_can_have(string name)
    {
        using LinuxHost host = new();

        Assert.Null(host.FindLink(host.Namespace, name));
    }
}
