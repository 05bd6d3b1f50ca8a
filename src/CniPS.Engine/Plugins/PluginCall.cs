using System.Collections.Generic;
using CniPS.Linux.Route;
using System;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>A request with its configuration parsed.</summary>
public sealed class PluginCall
{
    /// <summary>Parses the request's configuration.</summary>
    /// <exception cref="CniException">It is malformed, or its prevResult is.</exception>
    public PluginCall(PluginRequest request)
    {
        Request = request;
        Configuration = request.Configuration;
        PreviousResult = Configuration.Once(() => new Previous(Configuration.ParsePrevResult())).Result;
    }

    /// <summary>The request.</summary>
    public PluginRequest Request { get; }

    /// <summary>The configuration.</summary>
    public PluginConfiguration Configuration { get; }

    /// <summary>The result of the plugin before (ADD) or of the whole list (CHECK, DEL), or null.</summary>
    public CniResult? PreviousResult { get; }

    /// <summary>The result of the plugin before, or of the whole list, for a plugin that cannot do without.</summary>
    /// <param name="message">What the plugin says where there is none.</param>
    /// <param name="action">What is to be done about it.</param>
    /// <exception cref="CniException">There is none (<see cref="CniErrorIds.InvalidNetworkConfig"/>).</exception>
    internal CniResult RequirePreviousResult(
        string message = "Required prevResult missing",
        string action = "CHECK needs the result of ADD: run it through the same runtime and cache.") =>
        PreviousResult ?? throw new CniException(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, message) { RecommendedAction = action };

    /// <summary>The addresses of that result; null where it says nothing of any.</summary>
    internal IReadOnlyList<IpPrefix>? ResultAddresses
    {
        get
        {
            List<IpPrefix>? addresses = null;
            foreach (CniIPConfig ip in PreviousResult?.Ips ?? [])
            {
                if (ip.Address is { } address)
                {
                    (addresses ??= []).Add(address);
                }
            }

            return addresses;
        }
    }

    /// <summary>The network's name.</summary>
    public string Network => Configuration.Name ?? "";

    /// <summary>The configuration's version; absent means 0.1.0.</summary>
    public string CniVersion => Configuration.CniVersion is { Length: > 0 } version ? version : "0.1.0";

    /// <summary>The container id.</summary>
    public string ContainerId => Request.ContainerId;

    /// <summary>The interface's name inside the container.</summary>
    public string InterfaceName => Request.InterfaceName;

    /// <summary>What the plugin reads from its configuration and CNI_ARGS: read once where there are no arguments, for many attachments of one network.</summary>
    /// <param name="parse">Reads it; what comes out must not change.</param>
    internal T Parse<T>(Func<PluginCall, T> parse)
        where T : class => Request.Args.IsEmpty ? Configuration.Once(() => parse(this)) : parse(this);

    private sealed record Previous(CniResult? Result);
}
