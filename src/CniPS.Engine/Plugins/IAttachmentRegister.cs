using System.Collections.Generic;
using System.Net;

namespace CniPS.Plugins;

/// <summary>
/// What the runtime knows of attachments, to any network: GC of a plugin is told the valid ones of its own network, and what others left need
/// not say whose it is.
/// </summary>
public interface IAttachmentRegister
{
    /// <summary>
    /// The attachments of some containers, those included whose ADD is under way. It is looked up anew each time: who asks after reading what
    /// the kernel has is told of everybody who can have made that.
    /// </summary>
    IReadOnlyList<RegisteredAttachment> Of(IReadOnlyCollection<string> containers);
}

/// <summary>An attachment that the runtime knows.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="InterfaceName">Its interface.</param>
/// <param name="Addresses">The interface's addresses; null where they are not known, and may be any.</param>
public sealed record RegisteredAttachment(string ContainerId, string InterfaceName, IReadOnlyList<IPAddress>? Addresses)
{
    /// <summary>Whether an address is, or may be, the attachment's.</summary>
    internal bool MayHave(IPAddress address)
    {
        foreach (IPAddress own in Addresses ?? [address])
        {
            if (own.Equals(address))
            {
                return true;
            }
        }

        return false;
    }
}
