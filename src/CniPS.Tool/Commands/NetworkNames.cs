using System.IO;

namespace CniPS.Tool.Commands;

/// <summary>A network as it is named on a command line.</summary>
internal static class NetworkNames
{
    /// <summary>Whether it is a file and no name: it has a slash, or an extension and is there.</summary>
    internal static bool IsFile(string network) => network.Contains('/') || (Path.HasExtension(network) && File.Exists(network));
}
