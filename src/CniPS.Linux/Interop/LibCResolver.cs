using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CniPS.Linux.Interop;

/// <summary>
/// Finds what Tmds.LibC needs to be found: the assembly itself, which a module's folder has once for each processor (structures differ), and
/// libc, which it calls libc.so.6, where that is not its name (musl). A native executable has both inside.
/// </summary>
internal static class LibCResolver
{
    private const string Glibc = "libc.so.6", Package = "Tmds.LibC";

    private static nint s_libc;

#pragma warning disable CA2255 // A library's initializer: this is before any call of libc, whoever loads the library.
    [ModuleInitializer]
    internal static void Register()
#pragma warning restore CA2255
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return;
        }

        LoadPackage();
        SetResolver();
    }

    // At once, and not when it is asked for: whoever was asked before (PowerShell looks in its own folders) would take milliseconds to find nothing.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Where code is trimmed, the package is inside and this is not called.")]
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An assembly without a file has no folder, and nothing is loaded.")]
    private static void LoadPackage()
    {
        Assembly own = typeof(LibCResolver).Assembly;
        if (Find(Path.GetDirectoryName(own.Location), RuntimeInformation.ProcessArchitecture) is { } path)
        {
            AssemblyLoadContext.GetLoadContext(own)!.LoadFromAssemblyPath(path);
        }
    }

    /// <summary>The package's assembly for a processor, in a module's folder.</summary>
    /// <param name="folder">The folder with this assembly; null or empty where it came from no file.</param>
    /// <param name="processor">The processor that this process runs on.</param>
    /// <returns>Its path; null where it is not there.</returns>
    internal static string? Find(string? folder, Architecture processor)
    {
        string runtime = $"linux-{processor.ToString().ToLowerInvariant()}";
        string path = Path.Combine(folder ?? "", "runtimes", runtime, $"{Package}.dll");
        return !string.IsNullOrEmpty(folder) && File.Exists(path) ? path : null;
    }

    /// <summary>libc, by the name that Tmds.LibC gives it.</summary>
    /// <param name="name">The library that is asked for.</param>
    /// <param name="load">Loads a library by its name; 0 where there is none.</param>
    /// <returns>Its handle; 0 for any other library, which is then looked for as usual.</returns>
    internal static nint Resolve(string name, Func<string, nint> load) =>
        name != Glibc ? 0 : load(Glibc) is var handle and not 0 ? handle : load("libc"); // .NET itself knows what that is called

    // A method of its own: the package's assembly is loaded for it, when it can be found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetResolver() => NativeLibrary.SetDllImportResolver(
        typeof(LibC).Assembly,
        static (name, _, _) => name != Glibc ? 0 : s_libc != 0 ? s_libc : s_libc = Resolve(name, Load));

    private static nint Load(string name) => NativeLibrary.TryLoad(name, typeof(LibCResolver).Assembly, null, out nint handle) ? handle : 0;
}
