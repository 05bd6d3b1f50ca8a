using System.Collections.Generic;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// The names in a folder, of which none is looked at: .NET's lists look at what each link leads to, which takes two more calls for each, and is
/// waited for where it is on a server that has gone.
/// </summary>
internal static unsafe class FolderNames
{
    /// <summary>Reads them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">They are added here, in no order, with <c>.</c> and <c>..</c>.</param>
    /// <returns>0, or the errno of what can't be read; what could be is there.</returns>
    internal static int Read(string folder, List<string> names)
    {
        nint open = LibC.opendir(folder);
        if (open == 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno;
        while (true)
        {
            dirent* entry = LibC.readdir(open);
            if (entry is null)
            {
                errno = Marshal.GetLastPInvokeError();
                break;
            }

            names.Add(Marshal.PtrToStringUTF8((nint)entry->d_name)!);
        }

        LibC.closedir(open);
        return errno;
    }
}
