using System;
using System.IO;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Namespaces;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Files;

/// <summary>Files that can't be made, read or written: an error each time, in finite time, and nothing left.</summary>
public sealed class RefusedFileTests : IDisposable
{
    private const int ENOENT = 2, EINVAL = 22, EFBIG = 27, ENOSPC = 28;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-test-").FullName;

    [Theory]
    [InlineData("/proc/x")]
    [InlineData("/proc/x/y/z")]
    [InlineData("/sys/x")]
    public void AFolderWhereNothingCanBeMade(string path)
    {
        LinuxException e = Assert.Throws<LinuxException>(() => new FolderCreate(path).Apply());
        Assert.StartsWith($"create folder {path}: ", e.Message);
    }

    [Fact]
    public void APathWithANulIsNoPath()
    {
        string path = Path.Join(_folder, "a\0b");
        File.WriteAllText(Path.Join(_folder, "a"), "another's");
        Assert.Null(PosixFile.TryRead(path));
        Assert.False(PosixFile.Exists(path));
        Assert.False(PosixFile.CanList(_folder + "\0x"));
        Assert.Equal(EINVAL, Assert.Throws<LinuxException>(() => new FileCreate(path, "x").Apply()).Errno);
        Assert.Equal(EINVAL, Assert.Throws<LinuxException>(() => new FileWrite(path, new byte[1]).Apply()).Errno);
        Assert.Equal(EINVAL, Assert.Throws<LinuxException>(() => new FileWrite(path, new byte[1], InPlace: true).Apply()).Errno);
        Assert.Equal(EINVAL, Assert.Throws<LinuxException>(() => new FolderCreate(path).Apply()).Errno);
        Assert.Equal(ENOENT, Assert.Throws<LinuxException>(() => NetworkNamespace.Open("/proc/thread-self/ns/net\0x")).Errno);
        new FileDelete(path).Apply();
        Assert.Equal("another's", File.ReadAllText(Path.Join(_folder, "a")));
    }

    [Fact]
    public void ADeviceIsNotReadToItsEnd() => Assert.Equal(EFBIG, Assert.Throws<LinuxException>(() => PosixFile.TryRead("/dev/zero")).Errno);

    [Fact]
    public void AJournalThatHasNoRoomIsNotLeft()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a file system of its own needs root");
        Sandbox.Run($"mount -t tmpfs -o size=4k,nr_inodes=4 tmpfs {_folder}");
        try
        {
            string path = Path.Join(_folder, "journal");
            using (JournalFile journal = JournalFile.Open(path, 0x180, CancellationToken.None))
            {
                journal.Append("first\n"u8);
                Assert.Equal(ENOSPC, Assert.Throws<LinuxException>(() => journal.Append(new byte[8192])).Errno);
            }

            Assert.Equal("first\n"u8.ToArray(), PosixFile.TryRead(path)); // .NET's own would want the lock, which a process that is just being started holds for a moment
            using (JournalFile journal = JournalFile.Open(path, 0x180, CancellationToken.None))
            {
                Assert.Equal(ENOSPC, Assert.Throws<LinuxException>(() => journal.Write(new byte[8192])).Errno);
            }

            Assert.False(File.Exists(path));
        }
        finally
        {
            Sandbox.Run($"umount {_folder}");
        }
    }

    [Fact]
    public void AJournalInWhoseWayAFolderIsIsAnErrorAndNoWait()
    {
        string path = Path.Join(_folder, "journal");
        Directory.CreateDirectory(path);
        Assert.Throws<LinuxException>(() => JournalFile.Open(path, 0x180, CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
