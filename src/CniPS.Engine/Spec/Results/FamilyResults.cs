using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>The two families' parts as the lists of later versions: IPv4 first.</summary>
internal static class FamilyResults
{
    /// <summary>The addresses.</summary>
    public static List<CniIPConfig> Addresses(FamilyResult? ip4, FamilyResult? ip6)
    {
        var addresses = new List<CniIPConfig>(2);
        if (ip4 is not null)
        {
            addresses.Add(ip4.Address);
        }

        if (ip6 is not null)
        {
            addresses.Add(ip6.Address);
        }

        return addresses;
    }

    /// <summary>The routes.</summary>
    public static List<CniRoute> Routes(FamilyResult? ip4, FamilyResult? ip6) => [.. ip4?.Routes ?? [], .. ip6?.Routes ?? []];
}
