using System.Collections.Generic;
using CniPS.Linux.Route;

namespace CniPS.Pictures;

/// <summary>
/// Finds the other end of a link. The kernel gives its index (IFLA_LINK) and its namespace's number in the link's own namespace
/// (IFLA_LINK_NETNSID; none where it is in the same one). A planned link has no such number: of a planned pair each end names the other,
/// and anything else is made on an interface of the host, which comes first.
/// </summary>
internal sealed class LinkPairs(IReadOnlyList<SurveyedNamespace> namespaces)
{
    private readonly Dictionary<(SurveyedNamespace From, SurveyedNamespace To), int?> _numbers = [];

    internal IReadOnlyList<SurveyedNamespace> Namespaces => namespaces;

    /// <summary>The other end of a veth pair, or what a link is made on; null where that is not seen.</summary>
    internal (SurveyedNamespace Namespace, Link Link)? PeerOf(SurveyedNamespace from, Link link)
    {
        if (link.Peer == 0)
        {
            return null;
        }

        foreach (SurveyedNamespace to in namespaces)
        {
            if (to != from || link.PeerNamespaceId is null)
            {
                foreach (Link other in to.Links)
                {
                    if (other.Index == link.Peer && Leads(from, link, to, other))
                    {
                        return (to, other);
                    }
                }
            }
        }

        return null;
    }

    private bool Leads(SurveyedNamespace from, Link link, SurveyedNamespace to, Link other) =>
        link.IsPlanned && link.Kind == "veth" ? other.IsPlanned && other.Peer == link.Index
        : link.IsPlanned ? to == namespaces[0]
        : link.PeerNamespaceId is { } number ? NumberOf(from, to) == number
        : to == from;

    private int? NumberOf(SurveyedNamespace from, SurveyedNamespace to)
    {
        if (!_numbers.TryGetValue((from, to), out int? number))
        {
            _numbers[(from, to)] = number = from.Namespace.NumberOf(to.Namespace);
        }

        return number;
    }
}
