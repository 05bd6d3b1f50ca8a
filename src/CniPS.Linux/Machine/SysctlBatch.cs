using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Machine;

/// <summary>Kernel parameters of one namespace, set in one visit.</summary>
internal static class SysctlBatch
{
    /// <summary>Sets them.</summary>
    /// <param name="ns">Whose.</param>
    /// <param name="changes">The parameters.</param>
    /// <param name="made">Takes one entry a change that was made.</param>
    /// <exception cref="ChangeException">One that must be set could not be; the others are.</exception>
    internal static void Apply(NetworkNamespace ns, SysctlWrite[] changes, List<Applied> made)
    {
        string?[] old = new string?[changes.Length];
        int[] errnos = new int[changes.Length];
        int entered = ns.RunAndOpenRoute(() =>
        {
            for (int i = 0; i < errnos.Length; i++)
            {
                errnos[i] = changes[i].Write(out old[i]);
            }

            return 0;
        });
        if (entered < 0)
        {
            throw new LinuxException($"enter namespace {ns}", -entered);
        }

        int failed = -1;
        for (int i = 0; i < errnos.Length; i++)
        {
            SysctlWrite change = changes[i];
            if (errnos[i] == 0)
            {
                made.Add(change.Made(old[i]));
            }
            else if (change.Optional)
            {
                made.Add(new Applied(change));
            }
            else if (failed < 0)
            {
                failed = i;
            }
        }

        if (failed >= 0)
        {
            throw new ChangeException(changes[failed], made, new LinuxException(changes[failed].Operation, errnos[failed]));
        }
    }
}
