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

    /// <summary>
    /// Whether it is an empty file: what is left where a namespace was mounted once (<c>umount</c> without <c>rm</c>, or a mount that was made in
    /// another mount namespace, which has ended), so that there is no namespace any more.
    /// </summary>
    public bool IsUnmounted { get; init; }
}
