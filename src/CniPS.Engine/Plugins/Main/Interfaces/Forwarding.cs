using System;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Main;

/// <summary>
/// Forwarding of packets by the host. It is shared by all who need it, other programs included, and nobody can know who came to need it once it was
/// on: it is switched on where it is off, and never off again, neither by a rollback nor by GC.
/// </summary>
internal static class Forwarding
{
    internal static string Parameter(bool v6) => v6 ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward";

    internal static void Ensure(PluginContext context, bool v6)
    {
        IHost host = context.Host;
        if (host.IsForwarding(host.Namespace, v6))
        {
            return;
        }

        using IDisposable locked = host.LockNamespace(host.Namespace, exclusive: true, context.Cancellation);
        string name = Parameter(v6);
        // Where it can't be read, it can't be written either: then the kernel says why.
        if (host.ReadSysctl(host.Namespace, name) != "1")
        {
            context.Transaction.ApplyLasting([new SysctlWrite(host.Namespace, name, "1")]);
        }
    }
}
