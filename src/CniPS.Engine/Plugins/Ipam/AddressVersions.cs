using System;
using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>How many addresses a version of the specification has room for: before 0.3.0, one of each family.</summary>
internal static class AddressVersions
{
    /// <summary>Refuses more addresses than a result of the version can hold.</summary>
    /// <param name="families">The family of each address.</param>
    /// <param name="version">The configuration's version.</param>
    /// <param name="error">Makes the error.</param>
    internal static void Check(IEnumerable<AddressFamily> families, string version, Func<string, CniException> error)
    {
        int v4 = 0, v6 = 0;
        foreach (AddressFamily family in families)
        {
            _ = family == AddressFamily.InterNetwork ? v4++ : v6++;
        }

        if ((v4 > 1 || v6 > 1) && !CniVersion.Parse(version).AtLeast("0.3.0"))
        {
            throw error($"CNI version {version} does not support more than 1 address per family");
        }
    }
}
