using System;
using System.IO;
using System.Text;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CniPS.Linux.Tests.Files;

public sealed class JournalFileTests : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-journal-").FullName;

    private string JournalPath => Path.Join(_folder, "journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_left_in_it_stays_and_nothing_leaves_no_file()
    {
        using (JournalFile journal = Open())
        {
            journal.Append("a\n"u8);
        }

        using (JournalFile journal = Open())
        {
            Assert.Equal("a\n", Encoding.UTF8.GetString(journal.Leftover.Span));
            journal.Clear();
        }

        Assert.False(File.Exists(JournalPath));
        Open().Dispose();
        Assert.False(File.Exists(JournalPath));
    }

    [Fact]
    public void What_was_cleared_is_not_in_front_of_what_is_written_next()
    {
        File.WriteAllText(JournalPath, "old\n");
        using (JournalFile journal = Open())
        {
            journal.Clear();
            journal.Write("new\n"u8);
        }

        Assert.Equal("new\n", File.ReadAllText(JournalPath));
    }

    [Fact]
    public void Replacing_puts_another_file_in_its_place()
    {
        File.WriteAllText(JournalPath, "old\n");
        using SafeFileHandle reader = StateFolder.OpenFile(_folder, "journal", Mode, Mode); // .NET's own would lock it
        using (JournalFile journal = Open())
        {
            journal.Replace("new, and longer\n"u8, Mode);
        }

        Assert.Equal("new, and longer\n", File.ReadAllText(JournalPath));
        byte[] old = new byte[20];
        Assert.Equal("old\n", Encoding.UTF8.GetString(old, 0, RandomAccess.Read(reader, old, 0)));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
        using (JournalFile journal = Open())
        {
            journal.Replace([], Mode);
        }

        Assert.False(File.Exists(JournalPath));
    }

    private JournalFile Open() => JournalFile.Open(JournalPath, Mode, CancellationToken.None);
}
