using System;
using System.IO;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Runtime;

namespace CniPS.Plugin.Options;

/// <summary>What is set for all networks that this executable attaches to.</summary>
internal static class ExecutableSettings
{
    /// <summary>The backend of rules for networks that name none: what the environment says, else the file beside the executable.</summary>
    /// <exception cref="Spec.CniException">What is there is no backend.</exception>
    internal static RuleBackend? Backend(IHost host) =>
        RuleBackends.FromEnvironment() ?? (Environment.ProcessPath is { } executable ? MachineSettings.ReadBackend(host, FileBeside(executable)) : null);

    /// <summary>The file's path: the executable's own folder, whatever link it was started by.</summary>
    internal static string FileBeside(string executable) => Path.Join(Path.GetDirectoryName(executable), MachineSettings.FileName);
}
