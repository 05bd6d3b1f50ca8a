using System.Collections.Generic;
using CniPS.Linux.Route;
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
        PreviousResult = Configuration.ParsePrevResult();
    }

    /// <summary>The request.</summary>
    public PluginRequest Request { get; }

    /// <summary>The configuration.</summary>
    public PluginConfiguration Configuration { get; }

    /// <summary>The result of the plugin before (ADD) or of the whole list (CHECK, DEL), or null.</summary>
    public CniResult? PreviousResult { get; }

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
}
