using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux;
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
            if (ReadLease(host, path, address)?.ContainerId == containerId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who holds an address; null where nobody does, or where something else is in the file's place: that is nobody's to give back.</summary>
    /// <exception cref="LinuxException">The file can't be read.</exception>
    internal static Lease? ReadLease(IHost host, string path, IPAddress address)
    {
        try
        {
            return host.ReadFile(path, own: true) is { } content ? Lease.Parse(address, content) : null;
        }
        catch (LinuxException e) when (e.IsNoFile)
        {
            return null;
        }
    }

    /// <summary>Every address that is given out; none where there is no such folder.</summary>
    internal static IEnumerable<Lease> Read(IHost host, string dataFolder, string network)
    {
        foreach (string name in host.ListFiles(Path.Combine(dataFolder, network)))
        {
            if (IpText.TryParse(name, out IPAddress? address) && ReadLease(host, PathOf(dataFolder, network, address), address) is { } lease)
            {
                yield return lease;
            }
        }
    }
}
