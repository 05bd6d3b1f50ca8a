using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// Every network namespace that anything on the machine keeps alive: processes and their threads, open files, and mounts, in every mount
/// namespace. It is what "nowhere to be found" rests on, so it says whether it can have seen everything.
/// </summary>
/// <remarks>
/// Whoever is in a process id namespace of its own does not see what others have. What is seen by nobody: a namespace that a socket alone keeps (such
/// as a connection that is being closed), a descriptor on its way from one process to another, and one that a process has open which may not even be
/// looked at by root.
/// </remarks>
public sealed unsafe class NamespaceCensus
{
    private const uint KernelThread = 0x00200000; // PF_KTHREAD, include/linux/sched.h

    private const string NamespaceFile = "/ns/net", FileInside = "/net/dev";

    private const int Rounds = 5;

    private readonly Dictionary<ulong, CountedNamespace> _found = [];
    private readonly HashSet<string> _mountsSeen = [];
    private readonly List<string> _closed = [];
    private readonly string _self = ReadLink("/proc/self") ?? "";

    private readonly (uint Major, uint Minor) _device; // the file system that has all namespaces

    private NamespaceCensus()
    {
        statx stat;
        if (LibC.statx(LibC.AT_FDCWD, "/proc/self/ns/net", 0, 0x100, &stat) == 0)
        {
            _device = (stat.stx_dev_major, stat.stx_dev_minor);
        }
        else
        {
            Gap = $"/proc/self/ns/net can't be looked at ({LinuxException.Describe(Marshal.GetLastPInvokeError())})";
        }
    }

    /// <summary>The namespaces, in no order.</summary>
    public IReadOnlyCollection<CountedNamespace> Namespaces => _found.Values;

    /// <summary>Why there may be others; null where everything was seen.</summary>
    public string? Gap { get; private set; }

    /// <summary>Looks at everything there is. It costs some microseconds for each process, thread and open file.</summary>
    public static NamespaceCensus Take()
    {
        NamespaceCensus census = new();
        if (!SeesKernelThreads())
        {
            census.Gap = "this process does not see all processes of the machine: it is in a process id namespace of its own";
        }

        census.LookAtMounts("self", "");
        // Who was started meanwhile may have taken over what somebody kept who has ended.
        HashSet<string> known = [];
        for (int round = 0; round < Rounds && census.LookAtProcesses(known); round++)
        {
        }

        census.LookAtClosed();
        return census;
    }

    // They are in the machine's first process id namespace, and process 2 is the first of them: whoever sees it sees everybody.
    private static bool SeesKernelThreads()
    {
        string stat = PosixFile.TryRead("/proc/2/stat") is { } content ? Encoding.UTF8.GetString(content) : "";
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 6 && uint.TryParse(fields[6], NumberStyles.None, CultureInfo.InvariantCulture, out uint flags) && (flags & KernelThread) != 0;
    }

    private bool LookAtProcesses(HashSet<string> known)
    {
        bool anyNew = false;
        foreach (string process in Numbers("/proc"))
        {
            if (known.Add(process))
            {
                anyNew = true;
                LookAt(process);
            }
        }

        return anyNew;
    }

    private void LookAt(string process)
    {
        string folder = $"/proc/{process}";
        NoteLink($"{folder}/ns/net", $"process {process}", isOwn: false);
        foreach (string thread in Numbers($"{folder}/task"))
        {
            if (thread != process)
            {
                // A thread of this process is in a namespace for a moment only, to ask something.
                NoteLink($"{folder}/task/{thread}/ns/net", $"a thread of process {process}", isOwn: process == _self);
            }
        }

        foreach (string file in Numbers($"{folder}/fd"))
        {
            NoteLink($"{folder}/fd/{file}", $"process {process}, which has it open", isOwn: process == _self);
        }

        if (ReadLink($"{folder}/ns/mnt") is { } mounts && _mountsSeen.Add($"{mounts} {ReadLink($"{folder}/root")}"))
        {
            LookAtMounts(process, $"{folder}/root");
        }
    }

    private void NoteLink(string path, string holder, bool isOwn)
    {
        string? target = ReadLink(path);
        if (target is null)
        {
            int errno = Marshal.GetLastPInvokeError();
            NoteUnread(path, errno);
            if (path.EndsWith(NamespaceFile, StringComparison.Ordinal) && errno is Errno.EACCES or Errno.EPERM)
            {
                _closed.Add(path[..^NamespaceFile.Length]);
            }
        }
        else if ((target == "/" ? InodeOfUnmounted(path) : InodeOf(target)) is { } inode)
        {
            Find(inode).Add(new NamespaceHolder(path, holder, null, isOwn));
        }
    }

    // What was opened by the path of a mount is called by that path as long as it is mounted, and then "/", as a root folder is (d_path, fs/d_path.c).
    private ulong? InodeOfUnmounted(string path)
    {
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, path, 0, 0x100, &stat) == 0 && (stat.stx_dev_major, stat.stx_dev_minor) == _device ? stat.stx_ino : null;
    }

    // /proc/PID/mountinfo, proc(5): the fourth word is what is mounted, the fifth where.
    private void LookAtMounts(string process, string root)
    {
        byte[]? content;
        try
        {
            content = PosixFile.TryRead($"/proc/{process}/mountinfo");
        }
        catch (LinuxException e)
        {
            Gap ??= e.IsPermission ? $"/proc/{process}/mountinfo may not be read" : null;
            NoteUnread($"/proc/{process}/mountinfo", e.Errno == Errno.EINVAL ? 0 : e.Errno); // EINVAL: it has ended just now
            return;
        }

        foreach (string line in Encoding.UTF8.GetString(content ?? []).Split('\n'))
        {
            string[] words = line.Split(' ', 6);
            if (words.Length == 6 && InodeOf(words[3]) is { } inode)
            {
                string place = Unescape(words[4]);
                Find(inode).Add(new NamespaceHolder(root + place, process == "self" ? $"a mount at {place}" : $"a mount at {place}, as process {process} sees it", place, false));
            }
        }
    }

    // Which namespace a process is in that may not be looked at (as an init that a hypervisor guards) can't be read; but whether it is the same as
    // another's can: below /proc/PID/net each namespace has files of its own, with inodes of their own (proc_net.c).
    private void LookAtClosed()
    {
        if (_closed.Count == 0)
        {
            return;
        }

        HashSet<ulong> known = [];
        foreach (CountedNamespace counted in _found.Values)
        {
            if (counted.FindProcess() is { } path && InodeAt(path[..^NamespaceFile.Length] + FileInside) is { } inode)
            {
                known.Add(inode);
            }
        }

        foreach (string folder in _closed)
        {
            if (InodeAt(folder + FileInside) is { } inode && !known.Contains(inode))
            {
                Gap ??= $"{folder}{NamespaceFile} may not be looked at";
            }
        }
    }

    private static ulong? InodeAt(string path)
    {
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, path, 0, 0x100, &stat) == 0 ? stat.stx_ino : null;
    }

    private CountedNamespace Find(ulong inode)
    {
        if (!_found.TryGetValue(inode, out CountedNamespace? found))
        {
            _found.Add(inode, found = new CountedNamespace(inode));
        }

        return found;
    }

    // Those that are gone meanwhile are none, and so are those of a process that may not be looked at: its namespace is told all the same.
    private List<string> Numbers(string folder)
    {
        List<string> names = [];
        int errno = FolderNames.Read(folder, names);
        NoteUnread(folder, errno);
        names.RemoveAll(static name => !char.IsAsciiDigit(name[0]));
        return names;
    }

    private void NoteUnread(string path, int errno)
    {
        if (errno is not (0 or Errno.ENOENT or Errno.ESRCH or Errno.EACCES or Errno.EPERM))
        {
            Gap ??= $"{path} can't be read ({LinuxException.Describe(errno)})";
        }
    }

    /// <summary>The inode in <c>net:[4026531840]</c>; null where it is something else.</summary>
    private static ulong? InodeOf(string text) =>
        text.StartsWith("net:[", StringComparison.Ordinal) && text.EndsWith(']')
        && ulong.TryParse(text.AsSpan(5, text.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode) ? inode : null;

    private static string? ReadLink(string path)
    {
        byte* buffer = stackalloc byte[256];
        nint length = LibC.readlink(path, buffer, 256);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    // Space, tab, newline and backslash are written in octal (mangle, fs/seq_file.c).
    private static string Unescape(string text) => !text.Contains('\\') ? text
        : text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
