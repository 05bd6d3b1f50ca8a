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

    /// <summary>The end that a text means.</summary>
    /// <exception cref="CniException">It is nothing (<see cref="RuntimeErrorIds.EndNotFound"/>).</exception>
    internal PathEnd Find(string text) => TryFind(text) ?? throw NotFound(text);

    /// <summary>Whoever has an address.</summary>
    internal PathEnd At(string text, IPAddress address)
    {
        NamespaceView? holder = machine.HolderOf(address);
        return new PathEnd(text, holder, holder is null ? [] : [.. machine.AttachmentsIn(holder)]) { Address = address };
    }

    /// <summary>Says that a text means nothing.</summary>
    internal static CniException NotFound(string text, string more = "") =>
        new(RuntimeErrorIds.EndNotFound, CniErrorCode.UnknownContainer, $"there is no container, namespace or address {text}{(more.Length > 0 ? ", " + more : "")}")
        {
            RecommendedAction = "Give a container's id (Get-CniAttachment), a namespace (Get-CniNamespace), an address, or \"host\".",
            Target = text,
        };

    /// <summary>The same; null for nothing, or for a name that is to be looked for.</summary>
    internal PathEnd? TryFind(string text)
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
            return At(text, address);
        }

        string path = text.Contains('/') ? text : NamedNamespaces.PathOf(text);
        return machine.At(path) is { } named ? new PathEnd(text, named, [.. machine.AttachmentsIn(named)]) : null;
    }
}
