using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>Finds who is meant: a container of the cache, a namespace by name or path, the host, an address, or a name.</summary>
internal sealed class PathEnds(MachineView machine)
{
    /// <summary>The word for the host itself.</summary>
    internal const string HostWord = "host";

    /// <summary>The end of a name.</summary>
    /// <exception cref="CniException">It is nothing (<see cref="RuntimeErrorIds.EndNotFound"/>).</exception>
    internal PathEnd Find(string text)
    {
        if (text == HostWord)
        {
            return new PathEnd(text, machine.Host, []);
        }

        List<CachedAttachment> attachments = [.. machine.Attachments.Where(attachment => attachment.ContainerId == text)];
        if (attachments.Count > 0)
        {
            NamespaceView? view = attachments.Select(attachment => machine.At(attachment.NetNS)).FirstOrDefault(static found => found is not null);
            return new PathEnd(text, view, attachments) { Fault = view is null ? ExpectedCauses.Gone(machine.Host, attachments[0]) : null };
        }

        if (IpText.TryParse(text, out IPAddress? address))
        {
            NamespaceView? holder = machine.HolderOf(address);
            return new PathEnd(text, holder, holder is null ? [] : [.. machine.AttachmentsIn(holder)]) { Address = address };
        }

        string path = text.Contains('/') ? text : NamedNamespaces.PathOf(text);
        return machine.At(path) is { } named ? new PathEnd(text, named, [.. machine.AttachmentsIn(named)])
            : throw new CniException(RuntimeErrorIds.EndNotFound, CniErrorCode.UnknownContainer, $"there is no container, namespace or address {text}")
            {
                RecommendedAction = "Give a container's id (Get-CniAttachment), a namespace (Get-CniNamespace), an address, or \"host\".",
                Target = text,
            };
    }
}
