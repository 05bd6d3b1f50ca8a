using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>Which attachment a command line means, and what the cache and the configuration folder know of it.</summary>
internal sealed class AttachmentLookup
{
    private AttachmentLookup(string network, NetworkConfigurationList? configuration, Attachment attachment, CachedAttachment? cached)
    {
        Network = network;
        Configuration = configuration;
        Attachment = attachment;
        Cached = cached;
    }

    /// <summary>The network's name.</summary>
    internal string Network { get; }

    /// <summary>Its configuration; null where nobody knows it.</summary>
    internal NetworkConfigurationList? Configuration { get; }

    /// <summary>The attachment; what was not given is taken from the cache.</summary>
    internal Attachment Attachment { get; }

    /// <summary>What the cache holds.</summary>
    internal CachedAttachment? Cached { get; }

    /// <summary>The attachment as an object of the pipeline.</summary>
    internal CniAttachment ToOutput(CniAttachmentState state, string cachePath) =>
        new(Network, Attachment, Configuration, Cached?.Result)
        {
            Seen = new Sighting(state),
            CachePath = cachePath,
            Created = Cached?.Created.LocalDateTime ?? default,
        };

    /// <summary>Looks an attachment up.</summary>
    /// <param name="query">What was given.</param>
    /// <param name="cache">What is attached.</param>
    /// <param name="source">Finds configurations; for a name, where the cache has none.</param>
    /// <exception cref="CniException">A name is none, a configuration is malformed, or nobody knows the network.</exception>
    internal static AttachmentLookup Find(AttachmentQuery query, ResultCache cache, NetworkSource source)
    {
        string containerId = query.Container ?? throw NotGiven();
        CniNames.ValidateContainerId(containerId);
        CniNames.ValidateInterfaceName(query.InterfaceName);
        NetworkConfigurationList? given = source.IsGiven(query.Network) ? source.Load(query.Network) : null;
        string network = given?.Name ?? query.Network.Text;
        CniNames.ValidateNetworkName(network);
        CachedAttachment? cached = cache.Find(network, containerId, query.InterfaceName);
        NetworkConfigurationList? configuration =
            given ?? cached?.Configuration ?? LoadUnlessUnknown(query.Network, cached, containerId, cache, source);
        return new AttachmentLookup(network, configuration, Complete(query, containerId, cached), cached);
    }

    // A name that nobody knows is a mistake, unless it can't be: what is nowhere attached is not attached there either.
    private static NetworkConfigurationList? LoadUnlessUnknown(
        NetworkReference network, CachedAttachment? cached, string containerId, ResultCache cache, NetworkSource source)
    {
        try
        {
            return source.Load(network);
        }
        catch (CniException e) when (e.ErrorId is CniErrorIds.NetworkNotFound or CniErrorIds.NoNetworkConfigurations)
        {
            bool isAttached = false;
            foreach (CachedAttachment other in cache.List())
            {
                isAttached |= other.ContainerId == containerId;
            }

            if (cached is not null || isAttached)
            {
                throw;
            }

            return null;
        }
    }

    private static Attachment Complete(AttachmentQuery query, string containerId, CachedAttachment? cached)
    {
        string given = query.NamespacePath ?? "";
        IReadOnlyList<KeyValuePair<string, JsonElement>> capabilities = query.CapabilityArgs ?? cached?.ToAttachment().CapabilityArgs ?? [];
        return new Attachment
        {
            ContainerId = containerId,
            InterfaceName = query.InterfaceName,
            NetNS = cached is not null && !File.Exists(given) ? cached.NetNS : given,
            Args = query.Args ?? cached?.Args ?? CniArgs.Empty,
            CapabilityArgs = capabilities,
        };
    }

    private static CniException NotGiven() =>
        new(ModuleErrorIds.ContainerNotGiven, CniErrorCode.UnknownContainer, "neither a container id nor a namespace is given")
        {
            RecommendedAction = "Give -ContainerId, or -Namespace if that has the container's name. Get-CniAttachment lists what there is.",
        };
}
