using System;
using System.Text;
using CniPS.Linux;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>File names made of names: never longer than a file system takes, and never leading out of their folder.</summary>
internal static class FileNames
{
    /// <summary>The longest name used as it is; the rest of a file system's 255 bytes is for the names of files written beside.</summary>
    internal const int Longest = 220;

    /// <summary>A name for what belongs to a network as a whole.</summary>
    internal static string Of(string network) =>
        CniNames.IsValidNetworkName(network) && network.Length <= Longest ? network : Hash(network);

    /// <summary>A name for what belongs to one attachment; a comma can't be in a network's name or a container's id, so that no two share one.</summary>
    internal static string Of(string network, string containerId, string interfaceName)
    {
        string name = $"{network},{containerId},{interfaceName}";
        return CniNames.IsValidNetworkName(network) && CniNames.IsValidContainerId(containerId)
            && CniNames.IsValidInterfaceName(interfaceName) && Encoding.UTF8.GetByteCount(name) <= Longest ? name : Hash(name);
    }

    /// <summary>A name for what belongs to one plugin's call for an attachment.</summary>
    internal static string Of(string network, string containerId, string interfaceName, string type)
    {
        string name = $"{Of(network, containerId, interfaceName)},{type}";
        return CniNames.IsValidNetworkName(type) && Encoding.UTF8.GetByteCount(name) <= Longest ? name : Hash($"{network},{containerId},{interfaceName},{type}");
    }

    /// <summary>A short name that stands for a long one.</summary>
    internal static string Hash(string name) => "sha512," + Sha512.Hex(name, 16);
}
