using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Errors about nodes of a cluster.</summary>
internal static class NodeErrors
{
    /// <summary>There is no node of a name.</summary>
    internal static CniException NotFound(string name) => new(ModuleErrorIds.NodeNotFound, CniErrorCode.Unknown, $"there is no node {name} in the cluster")
    {
        RecommendedAction = "Get-CniNode lists what there is.",
        Target = name,
    };
}
