using System;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>A change to the file system.</summary>
/// <param name="Path">The file.</param>
public abstract record FileChange(string Path) : Change
{
    /// <summary>Makes the change.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    internal abstract Applied Apply();

    /// <summary>The error, if there is one.</summary>
    private protected void Check(int errno)
    {
        if (errno != 0)
        {
            throw new LinuxException(Operation, errno);
        }
    }
}

/// <summary>Makes a file that must not be there yet, whole or not at all.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">Its text.</param>
/// <param name="Mode">Its permissions.</param>
public sealed record FileCreate(string Path, string Content, uint Mode = 0x180) : FileChange(Path)
{
    /// <inheritdoc/>
    public override string Text => $"(set -C; {FileText.Write(Content, Mode, Path)})";

    /// <inheritdoc/>
    public override string Operation => $"create file {Path}";

    internal override Applied Apply()
    {
        Check(PosixFile.Create(Path, Encoding.UTF8.GetBytes(Content), Mode));
        return new Applied(this, new FileDelete(Path));
    }

    internal override bool? IsSo(PlannedWorld world) =>
        world.Files.Read(Path) is { } content && content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Content));

    internal override Applied Plan(PlannedWorld world)
    {
        if (world.Files.Exists(Path))
        {
            throw new LinuxException(Operation, Errno.EEXIST);
        }

        world.Files.Write(Path, Encoding.UTF8.GetBytes(Content));
        return new Applied(this, new FileDelete(Path));
    }
}

/// <summary>Writes a file: beside, then renamed, so that nobody ever reads a part of it; or in place, where others hold it open.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">Its bytes (UTF-8 text).</param>
/// <param name="Mode">The permissions of a new file.</param>
/// <param name="InPlace">Truncates and writes, as other programs do to this file.</param>
public sealed record FileWrite(string Path, ReadOnlyMemory<byte> Content, uint Mode = 0x180, bool InPlace = false) : FileChange(Path)
{
    private const int BriefLength = 64;

    /// <summary>Whether the old content comes back on undo; else the file is left.</summary>
    public bool KeepOld { get; init; }

    /// <summary>Whether it is on the disk before the change counts as made (fsync(2)), so that it outlasts the machine's end, too.</summary>
    public bool IsDurable { get; init; }

    /// <inheritdoc/>
    public override string Text => FileText.Write(Encoding.UTF8.GetString(Content.Span), Mode, Path);

    /// <inheritdoc/>
    public override string Brief => Encoding.UTF8.GetString(Content.Span) is { Length: > BriefLength } text
        ? FileText.Write($"{text[..BriefLength]}…", Mode, Path)
        : Text;

    /// <inheritdoc/>
    public override string Operation => $"write file {Path}";

    internal override Applied Apply()
    {
        byte[]? old = KeepOld ? PosixFile.TryRead(Path) : null;
        Check(InPlace ? PosixFile.Write(Path, Content.Span, LibC.O_TRUNC, Mode) : PosixFile.Replace(Path, Content.Span, Mode, IsDurable));
        return new Applied(this, Undo(old));
    }

    private FileChange? Undo(byte[]? old) =>
        !KeepOld ? null : old is null ? new FileDelete(Path) : this with { Content = old, KeepOld = false };

    internal override bool? IsSo(PlannedWorld world) => world.Files.Read(Path) is { } content && content.AsSpan().SequenceEqual(Content.Span);

    internal override Applied Plan(PlannedWorld world)
    {
        byte[]? old = KeepOld ? world.Files.Read(Path) : null;
        world.Files.Write(Path, Content.ToArray());
        return new Applied(this, Undo(old));
    }
}

/// <summary>Deletes a file. One that is gone already counts as deleted. It can't be undone.</summary>
/// <param name="Path">The file.</param>
public sealed record FileDelete(string Path) : FileChange(Path)
{
    /// <inheritdoc/>
    public override string Text => $"rm -f {ShellText.Quote(Path)}";

    /// <inheritdoc/>
    public override string Operation => $"delete file {Path}";

    internal override Applied Apply()
    {
        if (PosixFile.IsPath(Path) && LibC.unlink(Path) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            Check(errno is Errno.ENOENT or Errno.ENOTDIR ? 0 : errno);
        }

        return new Applied(this);
    }

    internal override bool? IsSo(PlannedWorld world) => !world.Files.Exists(Path);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Files.Delete(Path);
        return new Applied(this);
    }
}

/// <summary>Gives a file another place on the same file system; whatever it is, it is not opened. It can't be undone.</summary>
/// <param name="Path">The file.</param>
/// <param name="To">Its new path.</param>
public sealed record FileMove(string Path, string To) : FileChange(Path)
{
    /// <inheritdoc/>
    public override string Text => $"mv -T {ShellText.Quote(Path)} {ShellText.Quote(To)}";

    /// <inheritdoc/>
    public override string Operation => $"move file {Path} to {To}";

    internal override Applied Apply()
    {
        Check(LibC.rename(Path, To) == 0 ? 0 : Marshal.GetLastPInvokeError());
        return new Applied(this);
    }

    internal override Applied Plan(PlannedWorld world)
    {
        world.Files.Write(To, world.Files.Read(Path, own: true) ?? throw new LinuxException(Operation, Errno.ENOENT));
        world.Files.Delete(Path);
        return new Applied(this);
    }
}

/// <summary>Makes a folder and those above it. One that is there already is left as it is, and so are all on undo: an empty folder harms nobody.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Mode">The permissions of new ones.</param>
public sealed record FolderCreate(string Path, uint Mode = 0x1ED) : FileChange(Path)
{
    /// <inheritdoc/>
    public override string Text => $"(umask {FileText.Umask(Mode)}; mkdir -p {ShellText.Quote(Path)})";

    /// <inheritdoc/>
    public override string Operation => $"create folder {Path}";

    internal override Applied Apply()
    {
        Check(PosixFile.IsPath(Path) ? Make(Path) : Errno.EINVAL);
        return new Applied(this);
    }

    private int Make(string path)
    {
        if (LibC.mkdir(path, Mode) == 0)
        {
            return 0;
        }

        int errno = Marshal.GetLastPInvokeError();
        string? above = System.IO.Path.GetDirectoryName(path);
        if (errno == Errno.ENOENT && !string.IsNullOrEmpty(above))
        {
            errno = Make(above);
            if (errno != 0)
            {
                return errno;
            }

            // Once: below /proc, say, nothing can be made though all above it is there.
            errno = LibC.mkdir(path, Mode) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        return errno == Errno.EEXIST && System.IO.Directory.Exists(path) ? 0 : errno;
    }

    internal override bool? IsSo(PlannedWorld world) => world.Files.Exists(Path);

    internal override Applied Plan(PlannedWorld world) => new(this);
}

/// <summary>File contents as shell commands.</summary>
internal static class FileText
{
    internal static string Umask(uint mode) => Convert.ToString((int)(~mode & 0x1ff), 8).PadLeft(3, '0');

    internal static string Write(string content, uint mode, string path) =>
        $"(umask {Umask(mode)}; printf {Format(content)} > {ShellText.Quote(path)})";

    // As a printf format: line ends and other control characters as escapes, so that a command stays one line.
    private static string Format(string content)
    {
        StringBuilder text = new(content.Length + 8);
        foreach (char c in content)
        {
            switch (c)
            {
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\\': text.Append("\\\\"); break;
                case '%': text.Append("%%"); break;
                default: text.Append(c); break;
            }
        }

        return ShellText.Quote(text.ToString());
    }
}
