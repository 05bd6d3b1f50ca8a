using System.Text;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Iptables;

/// <summary>iptables could not be run, or refused. The message holds the operation and iptables' own words.</summary>
public sealed class IptablesException : LinuxException
{
    private IptablesException(string message, string operation, int errno)
        : base(message, operation, errno)
    {
    }

    /// <summary>Whether the program is not there at all.</summary>
    public bool IsMissing { get; private init; }

    internal static IptablesException NotInstalled(string operation, string program) =>
        new($"{operation}: {program} is not installed", operation, Interop.Errno.ENOENT) { IsMissing = true };

    internal static IptablesException Unreadable(string line) =>
        new($"read iptables' rules: there is no sense in \"{line}\"", "read iptables' rules", Interop.Errno.EBADMSG);

    internal static IptablesException Failed(string operation, ProgramOutcome outcome)
    {
        string words = Encoding.UTF8.GetString(outcome.Error.Span).Trim().ReplaceLineEndings(" ");
        return new($"{operation}: {outcome.Command.Path}: {(words.Length > 0 ? words : outcome.Describe())}", operation, 0);
    }
}
