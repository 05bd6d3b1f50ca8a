using System.Linq;
using CniPS.Spec;

namespace CniPS;

/// <summary>An address of a result. (Its two addresses are texts: it stands too deep in JSON for anything else.)</summary>
public sealed class CniAddedAddress
{
    internal CniAddedAddress(CniIPConfig item)
    {
        Address = item.Address?.ToString();
        Gateway = item.Gateway?.ToString();
        Interface = item.Interface;
        Version = item.Version;
    }

    /// <summary>The address with its prefix' length, as the specification calls it.</summary>
    public string? Address { get; }

    /// <summary>The gateway.</summary>
    public string? Gateway { get; }

    /// <summary>The place of its interface in the result's list, from 0.</summary>
    public int? Interface { get; }

    /// <summary><c>4</c> or <c>6</c>, in versions before 1.0.0.</summary>
    public string? Version { get; }

    internal static CniList<CniAddedAddress> ListOf(CniResult result) => result.Ips.Select(item => new CniAddedAddress(item)).ToCniList();

    /// <summary>The address.</summary>
    public override string ToString() => Address ?? "";
}
