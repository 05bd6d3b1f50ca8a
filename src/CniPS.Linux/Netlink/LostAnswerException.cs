namespace CniPS.Linux.Netlink;

/// <summary>The kernel's answer to a request was lost (its buffer was full, or it could not be read): what was asked may have been done, or not.</summary>
public sealed class LostAnswerException : LinuxException
{
    internal LostAnswerException(int errno, string? words = null)
        : this("receive a netlink answer", errno, words)
    {
    }

    /// <summary>Makes the error for one change.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="errno">How the answer was lost.</param>
    /// <param name="words">More about that.</param>
    internal LostAnswerException(string operation, int errno, string? words = null)
        : base(operation, errno, words ?? "the kernel's answer was lost")
    {
    }
}
