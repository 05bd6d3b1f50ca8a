using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Meta;

/// <summary>What lets containers' packets through.</summary>
internal interface IFirewallBackend
{
    /// <summary>Lets an attachment's packets through.</summary>
    void Add(FirewallTargets targets);

    /// <summary>What is not as <see cref="Add"/> made it.</summary>
    IReadOnlyList<Difference> Check(FirewallTargets targets);

    /// <summary>Whether anything of an attachment's is here.</summary>
    bool Has(FirewallTargets targets);

    /// <summary>What lets an attachment's packets through no more.</summary>
    IReadOnlyList<Change> Removal(FirewallTargets targets);

    /// <summary>Lets an attachment's packets through no more; what is shared stays.</summary>
    void Remove(FirewallTargets targets);

    /// <summary>GC: the same for those of the network that belong to none of the valid attachments, and removes what is shared and not used any more.</summary>
    void RemoveInvalid(ValidAttachments valid);

    /// <summary>STATUS: throws where it can't be used.</summary>
    void RequireUsable();
}
