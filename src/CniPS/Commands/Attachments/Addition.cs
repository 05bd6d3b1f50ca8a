using System;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>An ADD that was asked for, and the object that comes of it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Attachment">What to attach.</param>
/// <param name="Requested">What the container is to get besides.</param>
internal sealed record Addition(NetworkConfigurationList Network, Attachment Attachment, RequestedSettings Requested)
{
    /// <summary>The cache's folder.</summary>
    internal required string CachePath { get; init; }

    /// <summary>Where plugins are looked for.</summary>
    internal required string PluginPath { get; init; }

    /// <summary>Makes it, on whatever thread.</summary>
    /// <exception cref="CniException">It failed, or gave something else than was asked for; nothing is left.</exception>
    internal CniAttachment Make(CniRuntime runtime, CancellationToken cancellation)
    {
        CniResult? result = runtime.Add(Network, Attachment, cancellation);
        CniAttachment made = new(Network.Name, Attachment, Network, result)
        {
            Seen = Look(runtime.Host, Attachment, result),
            Created = DateTime.Now,
            CachePath = CachePath,
            PluginPath = PluginPath,
        };
        if (Requested.DifferenceOf(made) is { } difference)
        {
            runtime.Delete(Network, Attachment, cancellation);
            throw difference;
        }

        return made;
    }

    // Results up to 0.2.0 say nothing of interfaces.
    private static Sighting Look(IHost host, Attachment attachment, CniResult? result) => result is null or { Interfaces.Count: > 0 }
        ? new Sighting(CniAttachmentState.Alive)
        : AttachmentProbe.Look(host, attachment.NetNS, attachment.InterfaceName);
}
