using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace CniPS.Tests.Conventions;

/// <summary>The files that the module is made from.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string Read(params string[] path) => File.ReadAllText(Path.Join([Root, .. path]));

    /// <summary>The files of a folder, without what a build makes.</summary>
    internal static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Join(Root, folder), pattern, SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Find(string folder) =>
        File.Exists(Path.Join(folder, "CniPS.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("this is in no clone of the repository"));
}
