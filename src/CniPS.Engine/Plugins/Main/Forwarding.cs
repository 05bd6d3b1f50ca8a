using System;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Main;

/// <summary>Forwarding of packets by the host. It is shared by all who need it.</summary>
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
        if (host.ReadSysctl(host.Namespace, name) is { } value && value != "1")
        {
            context.Transaction.ApplyShared(new SharedSysctl(name, value, "1"), [new SysctlWrite(host.Namespace, name, "1")]);
        }
    }
}
