using System;

namespace CniPS.Linux.Namespaces;

/// <summary>A path is there, but is not a network namespace.</summary>
public sealed class NotANamespaceException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="path">The path.</param>
    /// <param name="fileSystem">The file system's magic number (statfs(2)); nsfs is 0x6e736673.</param>
    public NotANamespaceException(string path, long fileSystem)
        : base($"unknown FS magic on \"{path}\": {fileSystem:x}") => Path = path;

    /// <summary>The path.</summary>
    public string Path { get; }
}
