namespace CniPS.Linux.Firewalld;

/// <summary>firewalld doesn't run, or refused. The message holds the operation and firewalld's own words.</summary>
public sealed class FirewalldException : LinuxException
{
    internal FirewalldException(string operation, string words)
        : base($"{operation}: {words}", operation, 0)
    {
    }
}
