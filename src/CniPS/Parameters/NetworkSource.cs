using System;
using System.IO;
using CniPS.Spec;

namespace CniPS;

/// <summary>Finds the configuration of a network that was named on a command line.</summary>
/// <param name="resolve">Makes a path absolute.</param>
internal sealed class NetworkSource(Func<string, string> resolve)
{
    /// <summary>Whether the reference itself says what the network is, so that nothing else is to be looked at.</summary>
    internal bool IsGiven(NetworkReference network) => network.List is not null || IsFile(network);

    /// <summary>The configuration: given, in a file, or of that name in the configuration folder.</summary>
    /// <exception cref="CniException">There is none, or it is malformed.</exception>
    internal NetworkConfigurationList Load(NetworkReference network)
    {
        if (network.List is { } list)
        {
            return list;
        }

        if (IsFile(network))
        {
            return NetworkConfigurationList.Load(resolve(network.Text));
        }

        CniNames.ValidateNetworkName(network.Text);
        return new NetworkConfigurationFolder(resolve(Defaults.ConfigurationFolder)).Load(network.Text, strict: false);
    }

    /// <summary>The same for one reference, from any thread: what only the session's own can tell is found out now.</summary>
    internal NetworkSource For(NetworkReference network)
    {
        string? file = MayBeFile(network) ? resolve(network.Text) : null;
        string folder = resolve(Defaults.ConfigurationFolder);
        return new NetworkSource(path => path == network.Text && file is not null ? file : folder);
    }

    private bool IsFile(NetworkReference network) =>
        network.IsPath || (MayBeFile(network) && File.Exists(resolve(network.Text)));

    private static bool MayBeFile(NetworkReference network) =>
        network.IsPath || (network.List is null && Path.GetExtension(network.Text) is ".conf" or ".conflist" or ".json");
}
