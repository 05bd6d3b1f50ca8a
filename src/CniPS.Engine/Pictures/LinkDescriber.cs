using System;
using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Pictures;

/// <summary>Describes the interfaces of a namespace, without its loopback.</summary>
internal sealed class LinkDescriber
{
    private readonly SurveyedNamespace _namespace;
    private readonly FactFinder _facts;
    private readonly AttachmentPlaces _attachments;

    internal LinkDescriber(SurveyedNamespace ns, FactFinder facts, AttachmentPlaces attachments)
    {
        _namespace = ns;
        _facts = facts;
        _attachments = attachments;
    }

    internal List<TopologyLink> Describe(Func<Link, TopologyRole> roleOf)
    {
        List<TopologyLink> links = [];
        foreach (Link link in _namespace.Links)
        {
            if (!link.IsLoopback)
            {
                CachedAttachment? attachment = _attachments.At(_namespace.Namespace.Id, link.Name);
                links.Add(new TopologyLink
                {
                    Id = _namespace.IdOf(link),
                    Name = link.Name,
                    Role = roleOf(link),
                    Kind = link.Kind,
                    Mac = link.Mac?.ToString(),
                    Mtu = link.Mtu,
                    IsUp = link.IsUp,
                    Network = attachment?.Network,
                    ContainerId = attachment?.ContainerId,
                    Facts = _facts.Of(link, _namespace.Addresses),
                });
            }
        }

        links.Sort((a, b) => NaturalOrder.Instance.Compare(a.Name, b.Name));
        return links;
    }
}
