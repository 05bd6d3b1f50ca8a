using System.Text;
using CniPS.Linux;
using CniPS.Linux.Files;

namespace CniPS.Diagnosis;

/// <summary>
/// The files by which names are looked for in a namespace: those of a process in it, with its own mounts; where none runs, those that <c>ip netns exec</c> would give
/// one (<c>/etc/netns/NAME</c>, ip-netns(8)); else the machine's.
/// </summary>
internal static class NameFiles
{
    /// <summary>A file's text, and where it was found; null where there is none.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="view">The namespace.</param>
    /// <param name="name"><c>resolv.conf</c> or <c>hosts</c>.</param>
    internal static (string Text, string Where)? Find(MachineView machine, NamespaceView view, string name)
    {
        foreach (int process in view.IsHost ? [] : machine.ProcessesIn(view))
        {
            if (ProcessFile.TryRead(process, "etc/" + name) is { } inside)
            {
                return (Encoding.UTF8.GetString(inside), $"/etc/{name} of process {process}");
            }
        }

        return (view.Namespace.Name is { } ns ? Read(machine, $"/etc/netns/{ns}/{name}") : null) ?? Read(machine, "/etc/" + name);
    }

    private static (string Text, string Where)? Read(MachineView machine, string path)
    {
        try
        {
            return machine.Machine.ReadFile(path) is { } content ? (Encoding.UTF8.GetString(content), path) : null;
        }
        catch (LinuxException e) when (e.IsPermission)
        {
            return null; // as for whoever asks here
        }
    }
}
