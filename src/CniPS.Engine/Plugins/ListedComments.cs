using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins;

/// <summary>GC of what says by a comment whom it serves (<see cref="AttachmentComment"/>): which of it may go.</summary>
internal sealed class ListedComments
{
    private readonly ValidAttachments _valid;
    private readonly string _network;
    private readonly HashSet<string?> _listed = [];

    /// <summary>Of the attachments that must stay, as nf_tables holds them.</summary>
    internal ListedComments(ValidAttachments valid, string network)
    {
        _valid = valid;
        _network = network;
        foreach ((string containerId, string interfaceName) in valid.Keys)
        {
            _listed.Add(NftComment.Fit(AttachmentComment.Of(network, containerId, interfaceName)));
        }
    }

    /// <summary>Whether what has such a comment is garbage: of this network, not listed, and of nobody who may be alive.</summary>
    /// <param name="comment">The comment.</param>
    /// <param name="address">The address that it serves, where that is known.</param>
    internal bool IsGarbage(string comment, IPAddress? address) => IsGarbage(comment, address, null);

    /// <summary>The same, of what serves a link of the host.</summary>
    internal bool IsGarbage(string comment, string hostEnd) => IsGarbage(comment, null, hostEnd);

    private bool IsGarbage(string comment, IPAddress? address, string? hostEnd) =>
        AttachmentComment.IsOfNetwork(comment, _network) && !_listed.Contains(comment)
        && !_valid.Keeps(AttachmentComment.Read(comment, _network) with { Addresses = address is null ? [] : [address], HostEnd = hostEnd });
}
