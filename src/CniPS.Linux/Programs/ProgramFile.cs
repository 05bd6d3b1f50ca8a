using CniPS.Linux.Interop;

namespace CniPS.Linux.Programs;

/// <summary>Whether a file can be a program.</summary>
public static unsafe class ProgramFile
{
    private const int TypeMask = 0xF000, Regular = 0x8000;
    private const int Executable = 1; // X_OK

    /// <summary>Whether a regular file is at the path, or a link to one. Its permissions don't matter.</summary>
    public static bool IsRegular(string path)
    {
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, path, 0, 1, &stat) == 0 && (stat.stx_mode & TypeMask) == Regular;
    }

    /// <summary>Whether this process may execute it.</summary>
    public static bool IsExecutable(string path) => LibC.access(path, Executable) == 0;
}
