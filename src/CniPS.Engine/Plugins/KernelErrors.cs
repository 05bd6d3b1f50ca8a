using System;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>The kernel's refusals as errors of the engine: its own words, and what a person can do about it.</summary>
internal static class KernelErrors
{
    /// <summary>Whether an exception is one.</summary>
    internal static bool Is(Exception e) => e is ChangeException or LinuxException or NotANamespaceException;

    /// <summary>The error for it.</summary>
    /// <param name="cause">The refusal.</param>
    /// <param name="type">The plugin that ran into it, if any.</param>
    /// <param name="verb">What was being done.</param>
    internal static CniException Wrap(Exception cause, string? type = null, CniVerb? verb = null)
    {
        LinuxException? refusal = cause as LinuxException ?? cause.InnerException as LinuxException;
        return new CniException(
            cause is NotANamespaceException ? CniErrorIds.InvalidNamespace
                : refusal is IptablesException ? CniErrorIds.IptablesFailed
                : refusal is NftProgramException ? CniErrorIds.NftFailed
                : refusal is FirewalldException ? CniErrorIds.FirewalldFailed
                : refusal is LockHeldException ? CniErrorIds.LockHeld
                : CniErrorIds.KernelRefused,
            refusal is LockHeldException ? CniErrorCode.TryAgainLater : CniErrorCode.Internal,
            cause.Message,
            innerException: cause)
        {
            PluginType = type,
            Verb = verb?.ToCommand(),
            Target = cause is ChangeException change ? change.Change : null,
            RecommendedAction = refusal is null ? null : Advice(refusal, cause is ChangeException { Change: FileChange } || IsFile(refusal)),
        };
    }

    private static bool IsFile(LinuxException refusal) =>
        refusal.Operation.StartsWith("open ", StringComparison.Ordinal) || refusal.Operation.StartsWith("write ", StringComparison.Ordinal)
        || refusal.Operation.StartsWith("read ", StringComparison.Ordinal) || refusal.Operation.StartsWith("lock ", StringComparison.Ordinal);

    private static string? Advice(LinuxException refusal, bool file) => refusal.Errno switch
    {
        _ when refusal is IptablesException iptables =>
            iptables.IsMissing ? "Install the package iptables, or leave out the iptables backend: nftables needs no program." : null,
        _ when refusal is NftProgramException nft => nft.IsMissing
            ? "Install the package nftables, or ask only for what needs no program: docs/plugins/portmap.md says what that is."
            : "Correct the conditions: \"nft -c\" with a rule of them says the same, and makes nothing.",
        _ when refusal is FirewalldException => "\"firewall-cmd --state\" says whether firewalld runs, \"firewall-cmd --get-zones\" which zones it has.",
        _ when refusal is LockHeldException => "Let the process that holds it finish, or end it if it hangs; then do this again.",
        1 or 13 when file => "Run as root, or name a folder that is yours (-CachePath, dataDir).", // EPERM, EACCES
        1 or 13 => "Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN.",
        17 => "Something of that name is there already: remove it, or choose another name.", // EEXIST
        19 => "The interface is gone: another program may have removed it. Try again.", // ENODEV
        24 => "This process has too many files open: raise its limit (ulimit -n).", // EMFILE
        28 => "The disk is full, or a table of the kernel is.", // ENOSPC
        30 => "The file system is read-only: name a folder that can be written (-CachePath, dataDir).", // EROFS
        36 => "The name is too long for the file system.", // ENAMETOOLONG
        95 or 93 => "The kernel can't do this: a module may be missing (bridge, veth, macvlan, nf_tables).", // EOPNOTSUPP, EPROTONOSUPPORT
        _ => null,
    };
}
