using System;
using System.IO;

namespace CniPS.Tool.Tests.Support;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CniPS.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no CniPS.sln above {AppContext.BaseDirectory}");
    }
}
