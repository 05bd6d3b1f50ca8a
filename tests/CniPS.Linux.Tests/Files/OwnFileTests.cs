using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Machine;
using Xunit;

namespace CniPS.Linux.Tests.Files;

/// <summary>What is not a file of ours, but in its place: no link leads elsewhere, nothing is waited for.</summary>
public sealed class OwnFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-own-").FullName;

    private string File => Path.Join(_folder, "file");

    private string Target => Path.Join(_folder, "target");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_symbolic_link_is_neither_read_nor_written()
    {
        System.IO.File.WriteAllText(Target, "another's");
        System.IO.File.CreateSymbolicLink(File, Target);
        using LinuxHost host = new();

        Assert.Throws<LinuxException>(() => JournalFile.Open(File, 0x180, CancellationToken.None));
        Assert.Throws<LinuxException>(() => JournalFile.TryOpen(File));
        Assert.Throws<LinuxException>(() => StateFolder.OpenFile(_folder, "file", 0x1C0, 0x180));
        Assert.Throws<LinuxException>(() => host.ReadFile(File, own: true));
        LinuxException refused = Assert.Throws<LinuxException>(() => host.LockFile(File, exclusive: true, 0x180, CancellationToken.None));
        Assert.Throws<CniPS.Linux.Host.ChangeException>(() => host.Apply([new FileWrite(File, "x"u8.ToArray(), InPlace: true)]));

        Assert.True(refused.IsNoFile);
        Assert.Contains("symbolic link", refused.Message, StringComparison.Ordinal);
        Assert.Equal("another's", System.IO.File.ReadAllText(Target));
        Assert.Equal("another's", System.Text.Encoding.UTF8.GetString(host.ReadFile(File)!));
    }

    [Theory]
    [InlineData("cnips", "cnips/intents")]
    [InlineData("cnips/intents", "cnips/intents")]
    [InlineData(".cnips/n", ".cnips/n")]
    public void A_link_in_the_place_of_a_folder_of_ours_leads_nowhere(string link, string folder)
    {
        string elsewhere = Path.Join(_folder, "elsewhere");
        Directory.CreateDirectory(Path.Join(elsewhere, "intents"));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(_folder, link))!);
        Directory.CreateSymbolicLink(Path.Join(_folder, link), elsewhere);
        string file = Path.Join(_folder, folder, "file");
        using LinuxHost host = new();

        Assert.True(Assert.Throws<LinuxException>(() => JournalFile.Open(file, 0x180, CancellationToken.None)).IsNoFile);
        Assert.True(Assert.Throws<LinuxException>(() => StateFolder.OpenFile(Path.GetDirectoryName(file)!, "file", 0x1C0, 0x180)).IsNoFile);
        Assert.Throws<CniPS.Linux.Host.ChangeException>(() => host.Apply([new FileWrite(file, "x"u8.ToArray())]));
        Assert.Throws<CniPS.Linux.Host.ChangeException>(() => host.Apply([new FileWrite(file, "x"u8.ToArray(), InPlace: true)]));

        Assert.Empty(Directory.GetFiles(elsewhere, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_link_above_our_folders_is_followed()
    {
        string real = Path.Join(_folder, "real"), link = Path.Join(_folder, "link");
        Directory.CreateDirectory(Path.Join(real, "cnips/intents"));
        Directory.CreateSymbolicLink(link, real);
        using LinuxHost host = new();

        using (JournalFile journal = JournalFile.Open(Path.Join(link, "cnips/intents/file"), 0x180, CancellationToken.None))
        {
            journal.Append("left"u8);
        }

        host.Apply([new FileWrite(Path.Join(link, "cnips/new"), "new"u8.ToArray()), new FileWrite(Path.Join(link, "result"), "result"u8.ToArray())]);

        Assert.Equal("left", System.IO.File.ReadAllText(Path.Join(real, "cnips/intents/file")));
        Assert.Equal("new", System.IO.File.ReadAllText(Path.Join(real, "cnips/new")));
        Assert.Equal("result", System.IO.File.ReadAllText(Path.Join(real, "result")));
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("mkdir")]
    public void A_FIFO_or_a_folder_is_refused_at_once(string command)
    {
        using (Process made = Process.Start(command, [File]))
        {
            made.WaitForExit();
        }

        using LinuxHost host = new();

        Assert.True(Assert.Throws<LinuxException>(() => JournalFile.Open(File, 0x180, CancellationToken.None)).IsNoFile);
        Assert.True(Assert.Throws<LinuxException>(() => host.ReadFile(File, own: true)).IsNoFile);
        Assert.True(Assert.Throws<LinuxException>(() => host.LockFile(File, exclusive: true, 0x180, CancellationToken.None)).IsNoFile);
    }

    [Fact]
    public void A_FIFO_is_not_waited_for_even_where_links_are_followed()
    {
        using (Process made = Process.Start("mkfifo", [File]))
        {
            made.WaitForExit();
        }

        using LinuxHost host = new();

        Assert.Equal([], host.ReadFile(File)!);
    }

    [Fact]
    public void A_file_without_end_is_refused()
    {
        using LinuxHost host = new();

        Assert.Equal(27, Assert.Throws<LinuxException>(() => host.ReadFile("/dev/zero")).Errno); // EFBIG
    }

    [Fact]
    public void A_journal_that_others_can_write_is_refused()
    {
        using (JournalFile journal = JournalFile.Open(File, 0x180, CancellationToken.None))
        {
            journal.Append("left"u8);
        }

        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.True(Assert.Throws<LinuxException>(() => JournalFile.TryOpen(File)).IsPermission);
    }

    [Fact]
    public void A_journal_that_somebody_has_open_is_waited_for_so_long()
    {
        using JournalFile held = JournalFile.Open(File, 0x180, CancellationToken.None);

        LockHeldException error = Assert.Throws<LockHeldException>(
            () => JournalFile.Open(File, 0x180, CancellationToken.None, TimeSpan.FromMilliseconds(50)));

        Assert.Contains($"process {Environment.ProcessId} (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_tried_once()
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => StateFolder.Make("/proc/x/y/z", 0x1C0));

        Assert.True(refused.IsNotFound);
    }

    [Fact]
    public void Folders_that_others_can_write_are_refused_or_told()
    {
        Assert.False(StateFolder.IsOpenToAll(_folder));
        StateFolder.Require(_folder);
        System.IO.File.SetUnixFileMode(_folder, System.IO.File.GetUnixFileMode(_folder) | UnixFileMode.OtherWrite);

        Assert.True(StateFolder.IsOpenToAll(_folder));
        Assert.True(Assert.Throws<LinuxException>(() => StateFolder.Require(_folder)).IsPermission);
    }

    [Fact]
    public void What_a_file_is_written_into_first_is_known_by_its_name()
    {
        string mine = Path.GetFileName(BesideFile.NameOf(File));
        string left = $".n-c1-eth0.{int.MaxValue}.1.tmp";

        Assert.True(BesideFile.Is(mine));
        Assert.True(BesideFile.Is(left));
        Assert.False(BesideFile.Is("n-c1-eth0.tmp"));
        Assert.False(BesideFile.Is(".n.tmp"));
        Assert.Equal([left], BesideFile.Left([mine, left, "n-c1-eth0"]));
    }

    [Fact]
    public void Names_are_read_and_what_they_are_of_is_not_looked_at()
    {
        System.IO.File.CreateSymbolicLink(File, "/nonexistent");
        System.IO.File.WriteAllText(Target, "");
        System.Collections.Generic.List<string> names = [];

        Assert.Equal(0, FolderNames.Read(_folder, names));
        Assert.Equal(2, FolderNames.Read(Path.Join(_folder, "none"), [])); // ENOENT
        Assert.Equal(20, FolderNames.Read(Target, [])); // ENOTDIR

        names.Sort(StringComparer.Ordinal);
        Assert.Equal([".", "..", "file", "target"], names);
    }

    [Fact]
    public void A_file_is_moved_whatever_it_is()
    {
        System.IO.File.CreateSymbolicLink(File, "/nonexistent");
        using LinuxHost host = new();

        host.Apply([new FileMove(File, Target)]);

        Assert.Equal("/nonexistent", new FileInfo(Target).LinkTarget);
        Assert.Throws<CniPS.Linux.Host.ChangeException>(() => host.Apply([new FileMove(File, Target)]));
    }
}
