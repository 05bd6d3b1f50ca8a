namespace CniPS.Linux.Host;

/// <summary>Folders for locks and journals: they belong to the housekeeping and not to what an operation changes, so they are no step of it.</summary>
public static class StateFolder
{
    /// <summary>Makes a folder and those above it where they are missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">The permissions of new ones.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Make(string path, uint mode) => new FolderCreate(path, mode).Apply();
}
