using System;
using System.IO;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>The kernel's refusals as errors of the engine: an id for each kind, its own words, and what a person can do about it.</summary>
public static class KernelErrors
{
    /// <summary>Whether an exception is one.</summary>
    internal static bool Is(Exception e) => e is ChangeException or LinuxException or NotANamespaceException;

    /// <summary>Whether a privilege is missing, whatever else an error says of it.</summary>
    /// <param name="error">What went wrong.</param>
    public static bool IsPrivilege(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is UnauthorizedAccessException || (error is LinuxException refusal && IsPrivilege(refusal)))
            {
                return true;
            }
        }

        return false;
    }

    // What another user has made is not used: no privilege would help.
    private static bool IsPrivilege(LinuxException refusal) => refusal.IsPermission && !refusal.Operation.StartsWith("use ", StringComparison.Ordinal);

    /// <summary>Whatever the machine refused, .NET's file methods included, as an error of the engine.</summary>
    /// <param name="error">What went wrong.</param>
    /// <returns>The error itself where it is one already; null for what is no refusal of the machine's.</returns>
    public static CniException? Of(Exception error) => error switch
    {
        CniException cni => cni,
        _ when Is(error) => Wrap(error),
        IOException or UnauthorizedAccessException => OfFile(error),
        _ => null,
    };

    private static CniException OfFile(Exception error)
    {
        LinuxException refusal = LinuxException.Of("", error);
        string id = IdOf(refusal, isFile: true);
        return new CniException(id == CniErrorIds.KernelRefused ? CniErrorIds.FileFailed : id, CniErrorCode.IOFailure, error.Message, innerException: error)
        {
            RecommendedAction = Advice(refusal, file: true),
        };
    }

    /// <summary>The id of a refusal.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="isFile">Whether it was about a file.</param>
    private static string IdOf(LinuxException? refusal, bool isFile) => refusal switch
    {
        IptablesException => CniErrorIds.IptablesFailed,
        NftProgramException => CniErrorIds.NftFailed,
        FirewalldException => CniErrorIds.FirewalldFailed,
        LockHeldException => CniErrorIds.LockHeld,
        LostAnswerException => CniErrorIds.AnswerLost,
        _ when refusal is not null && IsPrivilege(refusal) => CniErrorIds.PrivilegeRequired,
        { Errno: 12 or 105 } => CniErrorIds.OutOfMemory, // ENOMEM, ENOBUFS
        { Errno: 23 or 24 } => CniErrorIds.TooManyFiles, // ENFILE, EMFILE
        { Errno: 4 or 11 } => CniErrorIds.KernelBusy, // EINTR, EAGAIN
        { Errno: 5 } when isFile => CniErrorIds.DiskFailed, // EIO
        { Errno: 28 or 122 } when isFile => CniErrorIds.DiskFull, // ENOSPC, EDQUOT
        { Errno: 30 } when isFile => CniErrorIds.ReadOnlyFileSystem, // EROFS
        _ => CniErrorIds.KernelRefused,
    };

    /// <summary>The error for it.</summary>
    /// <param name="cause">The refusal.</param>
    /// <param name="type">The plugin that ran into it, if any.</param>
    /// <param name="verb">What was being done.</param>
    internal static CniException Wrap(Exception cause, string? type = null, CniVerb? verb = null)
    {
        LinuxException? refusal = cause as LinuxException ?? cause.InnerException as LinuxException;
        bool isFile = cause is ChangeException { Change: FileChange } || (refusal is not null && IsFile(refusal));
        return new CniException(
            cause is NotANamespaceException ? CniErrorIds.InvalidNamespace : IdOf(refusal, isFile),
            refusal is LockHeldException ? CniErrorCode.TryAgainLater : CniErrorCode.Internal,
            cause.Message,
            innerException: cause)
        {
            PluginType = type,
            Verb = verb?.ToCommand(),
            Target = cause is ChangeException change ? change.Change : null,
            RecommendedAction = refusal is null ? null
                : (cause is ChangeException { Change: { } failed } ? RefusedChange.Advice(failed, refusal) : null) ?? Advice(refusal, isFile),
        };
    }

    private static bool IsFile(LinuxException refusal) =>
        refusal.Operation.StartsWith("open ", StringComparison.Ordinal) || refusal.Operation.StartsWith("write ", StringComparison.Ordinal)
        || refusal.Operation.StartsWith("read ", StringComparison.Ordinal) || refusal.Operation.StartsWith("lock ", StringComparison.Ordinal)
        || refusal.Operation.StartsWith("look at ", StringComparison.Ordinal);

    private static string? Advice(LinuxException refusal, bool file) => refusal.Errno switch
    {
        _ when refusal is IptablesException iptables =>
            iptables.IsMissing ? "Install the package iptables, or leave out the iptables backend: nftables needs no program." : null,
        _ when refusal is NftProgramException nft => nft.IsMissing
            ? "Install the package nftables, or ask only for what needs no program: docs/plugins/portmap.md says what that is."
            : "Correct the conditions: \"nft -c\" with a rule of them says the same, and makes nothing.",
        _ when refusal is FirewalldException => "\"firewall-cmd --state\" says whether firewalld runs, \"firewall-cmd --get-zones\" which zones it has.",
        _ when refusal is LockHeldException => "Let the process that holds it finish, or end it if it hangs; then do this again.",
        1 when refusal.Operation.StartsWith("use ", StringComparison.Ordinal) =>
            "Somebody else has made it, or can write it: look at it, remove it, and let only root write the folder that it is in.",
        1 or 13 when file && Environment.IsPrivilegedProcess => // EPERM, EACCES
            "Root may not either: a security module (AppArmor, SELinux), an attribute (lsattr) or the mount forbids it. Name another folder (-CachePath, dataDir).",
        1 or 13 when file => "Run as root, or name a folder that is yours (-CachePath, dataDir).",
        1 or 13 when Environment.IsPrivilegedProcess =>
            "This root may not: it lacks CAP_NET_ADMIN or CAP_SYS_ADMIN, as in a container or a user namespace, or a security module forbids it.",
        1 or 13 => "Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN.",
        17 => "Something of that name is there already: remove it, or choose another name.", // EEXIST
        19 => "The interface is gone: another program may have removed it. Try again.", // ENODEV
        _ when refusal is LostAnswerException => "Do it again: what this one may have left is cleaned up first.",
        4 or 11 => "Do it again.", // EINTR, EAGAIN
        5 when file => "The disk fails: the kernel's log (dmesg) says more.", // EIO
        12 or 105 => "The kernel had no memory for it: do it again.", // ENOMEM, ENOBUFS
        23 => "The machine has too many files open (fs.file-max).", // ENFILE
        24 => "This process has too many files open: raise its limit (ulimit -n).", // EMFILE
        28 or 122 when file => "The disk is full: make room, or name another folder (-CachePath, dataDir).", // ENOSPC, EDQUOT
        28 => "A table of the kernel is full.", // ENOSPC
        30 => "The file system is read-only: name a folder that can be written (-CachePath, dataDir).", // EROFS
        36 => "The name is too long for the file system.", // ENAMETOOLONG
        95 or 93 => "The kernel can't do this: a module may be missing (bridge, veth, macvlan, nf_tables).", // EOPNOTSUPP, EPROTONOSUPPORT
        _ => null,
    };
}
