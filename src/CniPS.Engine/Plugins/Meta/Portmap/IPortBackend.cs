using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Plugins.Meta;

/// <summary>What forwards ports.</summary>
internal interface IPortBackend
{
    /// <summary>Opens an attachment's ports.</summary>
    void Add(PortmapTargets targets);

    /// <summary>What is not as <see cref="Add"/> made it.</summary>
    IReadOnlyList<Difference> Check(PortmapTargets targets);

    /// <summary>Whether an attachment has any port here, or anything that serves one.</summary>
    bool Has(PortmapTargets targets);

    /// <summary>What closes an attachment's ports here, where these are known.</summary>
    IReadOnlyList<Change> Removal(PortmapTargets targets);

    /// <summary>Closes an attachment's ports, known or not; those of a Go plugin that used the same means, too.</summary>
    void Remove(PortmapTargets targets);

    /// <summary>GC: closes the network's ports that belong to none of the valid attachments, and removes what is shared and not used any more.</summary>
    void RemoveInvalid(ValidAttachments valid);

    /// <summary>STATUS: throws where it can't be used.</summary>
    void RequireUsable();
}
