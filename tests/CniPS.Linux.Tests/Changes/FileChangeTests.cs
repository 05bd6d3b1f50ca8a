using System;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>Changes to files: the same through the kernel interface and through a shell; planned without touching anything.</summary>
public sealed class FileChangeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Contents => ["plain", "ctr1\r\neth0", "100% 'quoted' \\n $HOME `x`\n", "", "tab\there"];

    [Theory]
    [MemberData(nameof(Contents))]
    public void ACommandWritesTheSameBytes(string content)
    {
        string a = Path.Combine(_folder, "a"), b = Path.Combine(_folder, "b b"), c = Path.Combine(_folder, "c"), d = Path.Combine(_folder, "d");
        using Machine machine = new();
        machine.Host.Apply([new FileCreate(a, content), new FileWrite(c, Encoding.UTF8.GetBytes(content))]);
        Sandbox.Run(new FileCreate(b, content).Text);
        Sandbox.Run(new FileWrite(d, Encoding.UTF8.GetBytes(content)).Text);
        foreach (string path in (string[])[a, b, c, d])
        {
            Assert.Equal(content, File.ReadAllText(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void CreatingTwiceFailsBothWays()
    {
        string path = Path.Combine(_folder, "lease");
        using Machine machine = new();
        machine.Host.Apply([new FileCreate(path, "first")]);
        ChangeException e = Assert.Throws<ChangeException>(() => machine.Host.Apply([new FileCreate(path, "second")]));
        Assert.True(((LinuxException)e.InnerException!).IsExists);
        Assert.NotEqual(0, Sandbox.TryRun(new FileCreate(path, "third").Text).Status);
        Assert.Equal("first", File.ReadAllText(path));
    }

    [Fact]
    public void WhereFilesHaveNoNamelessFormCreatingIsStillExclusive()
    {
        // /proc has none, and no files can be made there: the fallback's own error comes back.
        Assert.NotEqual(0, PosixFile.Create("/proc/cnips-test", "x"u8, 0x180));
        string path = Path.Combine(_folder, "f");
        Assert.Equal(0, PosixFile.Create(path, "x"u8, 0x180));
        Assert.Equal(17, PosixFile.Create(path, "y"u8, 0x180));
        Assert.Equal(2, PosixFile.Create(Path.Combine(_folder, "none/f"), "y"u8, 0x180));
        Assert.Equal(["f"], System.Linq.Enumerable.Select(Directory.GetFiles(_folder), Path.GetFileName));
    }

    [Fact]
    public void AFolderCommandMakesTheSameFolders()
    {
        using Machine machine = new();
        machine.Host.Apply([new FolderCreate(Path.Combine(_folder, "x/y"), 0x1C0)]);
        Sandbox.Run(new FolderCreate(Path.Combine(_folder, "z/y"), 0x1C0).Text);
        Assert.Equal(File.GetUnixFileMode(Path.Combine(_folder, "x/y")), File.GetUnixFileMode(Path.Combine(_folder, "z/y")));
        machine.Host.Apply([new FolderCreate(Path.Combine(_folder, "x/y"))]);
    }

    [Fact]
    public void UndoBringsBackTheOldContent()
    {
        string path = Path.Combine(_folder, "f");
        using Machine machine = new();
        Applied first = machine.Host.Apply([new FileWrite(path, "one"u8.ToArray()) { KeepOld = true }])[0];
        Applied second = machine.Host.Apply([new FileWrite(path, "two"u8.ToArray()) { KeepOld = true }])[0];
        machine.Host.Apply([second.Undo!]);
        Assert.Equal("one", File.ReadAllText(path));
        machine.Host.Apply([first.Undo!]);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void AWriteThatFailsLeavesNothingOfANewFile()
    {
        // /dev/full stands for a full disk: a write there gives ENOSPC.
        Assert.Equal(28, PosixFile.Write("/dev/full", "x"u8, 0, 0x180));
        string path = Path.Combine(_folder, new string('n', 250));
        ChangeException e = Assert.Throws<ChangeException>(() =>
        {
            using Machine machine = new();
            machine.Host.Apply([new FileWrite(path + "12345678", "x"u8.ToArray())]);
        });
        Assert.Contains("file name too long", e.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void AFolderThatMayNotBeReadIsNoEmptyOne()
    {
        string folder = Path.Combine(_folder, "closed"), inside = Path.Combine(folder, "inside");
        Directory.CreateDirectory(inside);
        File.WriteAllText(Path.Combine(folder, "b"), "");
        File.WriteAllText(Path.Combine(folder, "a"), "");
        using Machine machine = new();
        Assert.Equal(["a", "b"], machine.Host.ListFiles(folder));
        Assert.Empty(machine.Host.ListFiles(inside));
        Assert.Empty(machine.Host.ListFiles(Path.Combine(folder, "none")));
        Assert.Empty(machine.Host.ListFiles(Path.Combine(folder, "a")));
        Assert.Empty(machine.Host.ListFiles(Path.Combine(folder, "a/none")));

        File.SetUnixFileMode(folder, UnixFileMode.None);
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        AsNobody(() =>
        {
            foreach (string closed in (string[])[folder, inside])
            {
                LinuxException e = Assert.Throws<LinuxException>(() => machine.Host.ListFiles(closed));
                Assert.Equal((13, $"read {closed}: permission denied"), (e.Errno, e.Message));
            }
        });
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void APlanSeesItsOwnFilesAndTouchesNone()
    {
        string path = Path.Combine(_folder, "planned"), real = Path.Combine(_folder, "real");
        File.WriteAllText(real, "there");
        using Machine machine = new();
        PlannedHost plan = new(machine.Host);
        plan.Apply([new FileCreate(path, "content"), new FileDelete(real)]);
        Assert.Equal("content"u8.ToArray(), plan.ReadFile(path));
        Assert.True(plan.FileExists(path));
        Assert.False(plan.FileExists(real));
        Assert.Equal(["planned"], plan.ListFiles(_folder));
        Assert.Throws<ChangeException>(() => plan.Apply([new FileCreate(path, "again")]));
        Assert.False(File.Exists(path));
        Assert.True(File.Exists(real));
        Assert.Equal(2, plan.Steps.Count);
    }

    // setfsuid(2) holds for one thread, and takes away root's way past permissions there.
    private static void AsNobody(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            setfsuid(65534);
            failure = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    [DllImport("libc")]
    private static extern int setfsuid(uint id);

    private sealed class Machine : IDisposable
    {
        internal LinuxHost Host { get; } = new();

        public void Dispose() => Host.Dispose();
    }
}
