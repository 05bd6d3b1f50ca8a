using System.Globalization;

namespace CniPS.Plugins.Main;

/// <summary>
/// The host end of a container's pair. Its name is <c>veth</c> and eight hex digits of a hash of network, container and interface, so that a
/// plan can name it and a leftover can be attributed; where that name is taken, the next hash serves.
/// </summary>
internal static class HostVeth
{
    /// <summary>How many names are tried.</summary>
    internal const int Candidates = 10;

    internal static string Name(string network, string containerId, string interfaceName, int attempt)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{network}\n{containerId}\n{interfaceName}\n{attempt}");
        return string.Create(CultureInfo.InvariantCulture, $"veth{(uint)StableHash.Of(key):x8}");
    }
}
