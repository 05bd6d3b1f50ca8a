using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>What a person can do about a change that the kernel refused, where the same error number means something else for each.</summary>
internal static class RefusedChange
{
    private const int NoEntry = 2, NoAccess = 13, Exists = 17, Invalid = 22, ReadOnly = 30, Unavailable = 99, Unreachable = 101, NoRoute = 113;

    /// <summary>The advice; null where the error number says it all.</summary>
    internal static string? Advice(Change change, LinuxException refusal) => (change, refusal.Errno) switch
    {
        (AddressAdd { Address.IsV6: true } or RouteAdd { Route.Destination.IsV6: true }, NoAccess or Unavailable) =>
            "IPv6 is off on that interface (disable_ipv6): turn it on in that namespace with \"sysctl -w net.ipv6.conf.all.disable_ipv6=0 "
            + "net.ipv6.conf.default.disable_ipv6=0\", or give the network no IPv6 addresses.",
        (AddressAdd, Exists) => "The interface has the address already, from another program: remove it there, or give the network another address.",
        (RouteAdd, Exists) => "There is a route to that destination with the same metric: remove it, or give this one another metric (\"priority\").",
        (RouteAdd, Unreachable or NoRoute) =>
            "The gateway is in none of the interface's subnets: correct the gateway or the subnet, or add a route to it with \"scope\": 253.",
        (RouteAdd, Invalid) => "Look at the route's gateway: it must be another address than the interface's own.",
        (SysctlWrite, ReadOnly or NoAccess) =>
            "/proc/sys is read-only here, as in most containers: set the parameter from outside, or run where it can be written.",
        (SysctlWrite, NoEntry) => "This kernel has no such parameter: a module may be missing, or IPv6 is switched off at its start (ipv6.disable=1).",
        (SysctlWrite, Invalid) => "The kernel doesn't take that value for this parameter.",
        _ => null,
    };
}
