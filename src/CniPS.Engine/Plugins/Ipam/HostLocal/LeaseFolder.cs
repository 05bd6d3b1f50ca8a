using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>A network's addresses on disk, for reading only: without the lock, each file is as it is at the moment it is read.</summary>
internal static class LeaseFolder
{
    internal static string PathOf(string dataFolder, string network, IPAddress address) => Path.Combine(dataFolder, network, address.ToString());

    /// <summary>When an address was given out: its file's time.</summary>
    internal static DateTimeOffset TimeOf(string dataFolder, string network, IPAddress address) =>
        new(File.GetLastWriteTimeUtc(PathOf(dataFolder, network, address)), TimeSpan.Zero);

    /// <summary>Whether a container holds an address, on any network of the folder.</summary>
    internal static bool IsHeld(IHost host, string dataFolder, string containerId, IPAddress address)
    {
        foreach (string network in host.ListEntries(dataFolder))
        {
            string path = PathOf(dataFolder, network, address);
            if (host.ReadFile(path) is { } content && Lease.Parse(address, content).ContainerId == containerId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every address that is given out; none where there is no such folder.</summary>
    internal static IEnumerable<Lease> Read(IHost host, string dataFolder, string network)
    {
        foreach (string name in host.ListFiles(Path.Combine(dataFolder, network)))
        {
            if (IpText.TryParse(name, out IPAddress? address) && host.ReadFile(PathOf(dataFolder, network, address)) is { } content)
            {
                yield return Lease.Parse(address, content);
            }
        }
    }
}
