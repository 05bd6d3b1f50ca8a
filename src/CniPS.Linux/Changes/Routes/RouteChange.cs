using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Changes;

/// <summary>A change that is one rtnetlink message (rtnetlink(7)).</summary>
/// <param name="Namespace">Where.</param>
public abstract record RouteChange(NetworkNamespace Namespace) : NamespaceChange(Namespace)
{
    /// <summary>Writes the message.</summary>
    internal abstract void Write(NetlinkBatch batch);

    /// <summary>What was made, given the kernel's acknowledgement (and its echo, if the message asked for one).</summary>
    internal abstract Applied Made(in NetlinkReply reply);

    /// <summary>Whether an error means that there was nothing to do.</summary>
    internal virtual bool Tolerates(int errno) => false;
}
