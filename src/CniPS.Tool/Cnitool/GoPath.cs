using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Plugin.Interop;

namespace CniPS.Tool.Cnitool;

/// <summary>Paths as Go makes them absolute, since cnitool's container id is a hash of one.</summary>
internal static class GoPath
{
    /// <summary>The absolute path, without <c>.</c>, <c>..</c>, and slashes too many; from $PWD where that is where we are, links and all.</summary>
    internal static string Absolute(string path)
    {
        string all = path.StartsWith('/') ? path : $"{WorkingFolder()}/{path}";
        var parts = new List<string>();
        foreach (string part in all.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    private static string WorkingFolder()
    {
        string real = Directory.GetCurrentDirectory();
        return Environment.GetEnvironmentVariable("PWD") is ['/', ..] said && LibC.RealPath(said) == real ? said : real;
    }
}
