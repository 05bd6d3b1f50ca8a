using System;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Keeps native plugins from taking the host's own namespace for a container's. ADD is refused; DEL finds no namespace, since a path that
/// has come to mean the host's (a process id used again) would have the host's own interfaces deleted.
/// </summary>
public static class HostNamespaceGuard
{
    /// <summary>The request as the plugin may have it.</summary>
    /// <param name="request">The call.</param>
    /// <param name="context">What it works with; it keeps the namespace open.</param>
    /// <param name="options">Whether the host's namespace may be a container's.</param>
    /// <param name="observer">Is told where DEL finds no namespace for that.</param>
    /// <exception cref="CniException">ADD into the host's own namespace (<see cref="CniErrorIds.InvalidNamespace"/>, code 8).</exception>
    public static PluginRequest Guard(PluginRequest request, PluginContext context, RuntimeOptions options, IOperationObserver? observer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        if (options.AllowHostNamespace || request.NetNS.Length == 0 || request.Verb is not (CniVerb.Add or CniVerb.Delete)
            || context.TryOpenNamespace(request.NetNS, out _) is not { } ns || ns.Id != context.Host.Namespace.Id)
        {
            return request;
        }

        if (request.Verb == CniVerb.Delete)
        {
            observer?.Warn($"{request.NetNS} is the host's own network namespace: DEL treats the container's as gone.");
            return request with { NetNS = "" };
        }

        throw new CniException(
            CniErrorIds.InvalidNamespace, CniErrorCode.InvalidNetNS, "plugin's netns and netns from CNI_NETNS should not be the same", request.NetNS)
        {
            Target = request.NetNS,
            RecommendedAction = "Name the container's network namespace: Get-CniNamespace lists those there are.",
        };
    }
}
