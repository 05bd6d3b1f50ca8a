using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux;

/// <summary>A system call or a netlink request failed. The message holds the operation, the object and the kernel's own words.</summary>
public class LinuxException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="operation">What was tried, as in <c>create link eth0</c>.</param>
    /// <param name="errno">The kernel's error number, positive.</param>
    /// <param name="kernelMessage">The kernel's explanation (netlink's extended acknowledgement), if it gave one.</param>
    public LinuxException(string operation, int errno, string? kernelMessage = null)
        : base(Compose(operation, errno, kernelMessage))
    {
        Operation = operation;
        Errno = errno;
        KernelMessage = kernelMessage;
    }

    /// <summary>Makes an error with a message of its own.</summary>
    private protected LinuxException(string message, string operation, int errno)
        : base(message)
    {
        Operation = operation;
        Errno = errno;
    }

    /// <summary>What was tried.</summary>
    public string Operation { get; }

    /// <summary>The kernel's error number (errno(3)).</summary>
    public int Errno { get; }

    /// <summary>The kernel's explanation beyond the number, if it gave one (NLMSGERR_ATTR_MSG).</summary>
    public string? KernelMessage { get; }

    /// <summary>Whether the object was there already (EEXIST).</summary>
    public bool IsExists => Errno == Interop.Errno.EEXIST;

    /// <summary>Whether the object is not there (ENOENT, ENODEV, ESRCH, EADDRNOTAVAIL).</summary>
    public bool IsNotFound => Errno is Interop.Errno.ENOENT or Interop.Errno.ENODEV or Interop.Errno.ESRCH or Interop.Errno.EADDRNOTAVAIL;

    /// <summary>Whether a privilege is missing (EPERM, EACCES).</summary>
    public bool IsPermission => Errno is Interop.Errno.EPERM or Interop.Errno.EACCES;

    /// <summary>Whether there is no room left (ENOSPC, EDQUOT): of blocks, or of inodes.</summary>
    public bool IsFull => Errno is Interop.Errno.ENOSPC or Interop.Errno.EDQUOT;

    /// <summary>Whether something else is in a file's place: a symbolic link, a folder, a FIFO (ELOOP, EISDIR, ENXIO, EINVAL).</summary>
    public bool IsNoFile => Errno is Interop.Errno.ELOOP or Interop.Errno.EISDIR or Interop.Errno.ENXIO or Interop.Errno.EINVAL;

    /// <summary>The kernel's words for an error number: <c>No such file or directory</c>.</summary>
    public static string Describe(int errno) => Marshal.PtrToStringUTF8(LibC.strerror(errno)) ?? $"errno {errno}";

    /// <summary>What .NET's own file methods threw, as what it is: a system call that failed.</summary>
    public static LinuxException Of(string operation, Exception cause) => new(operation, cause switch
    {
        UnauthorizedAccessException => Interop.Errno.EACCES,
        System.IO.FileNotFoundException or System.IO.DirectoryNotFoundException => Interop.Errno.ENOENT,
        { HResult: > 0 and < 4096 } => cause.HResult, // on Unix this is the number that the kernel gave
        _ => Interop.Errno.EIO,
    });

    internal static LinuxException Last(string operation) => new(operation, Marshal.GetLastPInvokeError());

    private static string Compose(string operation, int errno, string? kernelMessage)
    {
        string words = Describe(errno);
        words = char.ToLowerInvariant(words[0]) + words[1..];
        return kernelMessage is null ? $"{operation}: {words}" : $"{operation}: {words} ({kernelMessage})";
    }
}
