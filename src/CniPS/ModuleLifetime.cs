using System.Management.Automation;

namespace CniPS;

/// <summary>Called by PowerShell when the module is removed from a session.</summary>
public sealed class ModuleLifetime : IModuleAssemblyCleanup
{
    /// <summary>Closes the sockets that the module keeps.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => Machine.Retire();
}
