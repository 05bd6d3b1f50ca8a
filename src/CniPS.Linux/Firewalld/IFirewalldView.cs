namespace CniPS.Linux.Firewalld;

/// <summary>firewalld: the questions that the engine asks.</summary>
public interface IFirewalldView
{
    /// <summary>Whether it runs: somebody on the machine's D-Bus has its name.</summary>
    bool IsRunning { get; }

    /// <summary>Whether a source is in a zone.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="source">An address with its prefix.</param>
    /// <exception cref="LinuxException">firewalld doesn't run, or knows no such zone.</exception>
    bool HasSource(string zone, string source);
}
