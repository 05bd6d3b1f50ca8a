using System;
using System.Buffers;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Programs;

/// <summary>Commands as text that a shell takes as it stands.</summary>
public static class ShellText
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,");

    /// <summary>A word, between quotes where it needs them.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.AsSpan().IndexOfAnyExcept(s_plain) < 0 ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>An <c>ip</c> (or <c>bridge</c>) command inside a namespace: <c>ip -n blue link …</c>.</summary>
    internal static string Ip(NetworkNamespace ns, string arguments, string program = "ip")
    {
        if (IsOwn(ns))
        {
            return $"{program} {arguments}";
        }

        return ns.Name is { } name ? $"{program} -n {Quote(name)} {arguments}" : $"nsenter --net={Quote(ns.Path)} {program} {arguments}";
    }

    /// <summary>A namespace as <c>ip link</c> takes it behind <c>netns</c>; the reader's own by the shell's process id.</summary>
    internal static string Target(NetworkNamespace ns) => IsOwn(ns) ? "$$" : Quote(ns.Name ?? ns.Path);

    /// <summary>Any command inside a namespace.</summary>
    internal static string Inside(NetworkNamespace ns, string command)
    {
        if (IsOwn(ns))
        {
            return command;
        }

        return ns.Name is { } name ? $"ip netns exec {Quote(name)} {command}" : $"nsenter --net={Quote(ns.Path)} {command}";
    }

    // Opened as "the one I am in": so is the shell that the reader types into.
    private static bool IsOwn(NetworkNamespace ns) => ns.Path is "/proc/thread-self/ns/net" or "/proc/self/ns/net";
}
