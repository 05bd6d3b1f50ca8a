namespace CniPS.Linux.Sockets;

/// <summary>What a socket is waited for.</summary>
public enum PollFor
{
    /// <summary>Something to read, or the end of what can be read.</summary>
    Data,

    /// <summary>Room to write.</summary>
    Room,

    /// <summary>That the other end is gone; one that only writes no more is still there.</summary>
    End,
}
