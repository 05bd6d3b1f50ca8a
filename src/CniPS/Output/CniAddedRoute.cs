using System.Linq;
using CniPS.Spec;

namespace CniPS;

/// <summary>A route of a result.</summary>
public sealed class CniAddedRoute
{
    internal CniAddedRoute(CniRoute route)
    {
        Destination = route.Destination?.ToString();
        Gateway = route.Gateway?.ToString();
        Mtu = route.Mtu;
        AdvMss = route.AdvMss;
        Priority = route.Priority;
        Table = route.Table;
        Scope = route.Scope;
    }

    /// <summary>Where to.</summary>
    public string? Destination { get; }

    /// <summary>The next hop.</summary>
    public string? Gateway { get; }

    /// <summary>The MTU along it.</summary>
    public int? Mtu { get; }

    /// <summary>The TCP maximal segment size advertised along it.</summary>
    public int? AdvMss { get; }

    /// <summary>The priority: the lower, the sooner.</summary>
    public long? Priority { get; }

    /// <summary>The routing table.</summary>
    public long? Table { get; }

    /// <summary>The scope.</summary>
    public int? Scope { get; }

    internal static CniList<CniAddedRoute> ListOf(CniResult result) => result.Routes.Select(item => new CniAddedRoute(item)).ToCniList();

    /// <summary>Destination and next hop, as <c>10.0.0.0/8 via 10.1.0.1</c>.</summary>
    public override string ToString() => Gateway is null ? $"{Destination}" : $"{Destination} via {Gateway}";
}
