using System;
using System.Collections.Generic;

namespace CniPS.Linux.Host;

/// <summary>A change failed. Changes of the same call that were made all the same are listed, so that they can be undone.</summary>
public sealed class ChangeException : Exception
{
    /// <summary>Makes the error.</summary>
    public ChangeException(Change change, IReadOnlyList<Applied> made, Exception cause)
        : base(cause.Message, cause)
    {
        Change = change;
        Made = made;
    }

    /// <summary>The first change that failed.</summary>
    public Change Change { get; }

    /// <summary>Those that were made, in order.</summary>
    public IReadOnlyList<Applied> Made { get; }

    /// <summary>The kernel's error number, or 0 where the cause was none of the kernel's.</summary>
    public int Errno => (InnerException as LinuxException)?.Errno ?? 0;
}
