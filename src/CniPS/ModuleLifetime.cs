using System;
using System.Management.Automation;
using System.Threading;
using CniPS.Linux.Machine;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Called by PowerShell when the module comes into a session, and when it is removed from it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int s_rehearsed;

    /// <summary>
    /// Readies the engine on a thread of its own, once a process, while PowerShell goes on with the import and the user with typing: the
    /// first ADD takes 20 milliseconds less. With one processor it would only take its time from somebody else.
    /// </summary>
    public void OnImport()
    {
        if (Environment.ProcessorCount > 1 && Interlocked.Exchange(ref s_rehearsed, 1) == 0)
        {
            new Thread(Rehearse) { IsBackground = true, Name = "CniPS rehearsal" }.UnsafeStart();
        }
    }

    /// <summary>Closes the sockets that the module keeps.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => Machine.Retire();

    /// <summary>Why nothing could be readied; null where it could. Whoever asks for the same is told it by the command that they typed.</summary>
    internal static Exception? RehearsalFailure { get; private set; }

    /// <summary>Whether the engine is ready.</summary>
    internal static bool IsReady { get; private set; }

    private static void Rehearse()
    {
        try
        {
            // Not the one that is shared: that would stay open until the module is removed, and if it is removed before this begins, for ever.
            using LinuxHost host = new();
            Rehearsal.Run(host);
            IsReady = true;
        }
        catch (Exception e)
        {
            RehearsalFailure = e; // thrown here it would end pwsh
        }
    }
}
