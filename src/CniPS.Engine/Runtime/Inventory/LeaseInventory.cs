using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Numerics;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Plugins.Main;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The addresses that host-local has given out, and those that it still has. Nothing is locked or changed.</summary>
public static class LeaseInventory
{
    /// <summary>Where host-local keeps addresses, where its configuration says nothing else.</summary>
    public const string DefaultDataFolder = HostLocalConfiguration.DefaultDataFolder;

    /// <summary>The networks that have a folder of addresses, by name.</summary>
    /// <param name="dataFolder">host-local's folder.</param>
    public static IReadOnlyList<string> Networks(string dataFolder)
    {
        List<string> names = [];
        foreach (string folder in Directory.Exists(dataFolder) ? Directory.EnumerateDirectories(dataFolder) : [])
        {
            if (CniNames.IsValidNetworkName(Path.GetFileName(folder)))
            {
                names.Add(Path.GetFileName(folder));
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The folder that a network's configuration names; null where it uses neither host-local nor cluster.</summary>
    public static string? DataFolderOf(NetworkConfigurationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (DataFolderOf(plugin) is { } folder)
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>The folder that a plugin's configuration names; likewise.</summary>
    internal static string? DataFolderOf(PluginConfiguration plugin) => plugin.IpamType is not ("host-local" or "cluster") ? null
        : new PluginConfigReader(plugin).GetObject("ipam")?.GetString("dataDir") is { Length: > 0 } folder ? folder : DefaultDataFolder;

    /// <summary>The addresses of a network that are given out, by number.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="cache">Knows the attachments.</param>
    /// <param name="dataFolder">host-local's folder.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="judge">Knows what became of whoever holds them; null: a new one.</param>
    /// <param name="patience">How long an ADD may take that no cache knows yet; null: <see cref="RuntimeOptions.DefaultPatience"/>.</param>
    /// <exception cref="Linux.LinuxException">The folder may not be looked into.</exception>
    /// <exception cref="CniException">The machine may not (<see cref="CniErrorIds.KernelRefused"/>).</exception>
    public static IReadOnlyList<HeldAddress> List(
        IHost host, ResultCache cache, string dataFolder, string network, LivenessJudge? judge = null, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        judge ??= new LivenessJudge(host, cache);
        List<HeldAddress> held = [];
        foreach (Lease lease in LeaseFolder.Read(host, dataFolder, network))
        {
            string path = LeaseFolder.PathOf(dataFolder, network, lease.Address);
            CachedAttachment? attachment = lease is { ContainerId.Length: > 0, InterfaceName.Length: > 0 } ? cache.Find(network, lease.ContainerId, lease.InterfaceName) : null;
            DateTimeOffset since = LeaseFolder.TimeOf(dataFolder, network, lease.Address);
            held.Add(new HeldAddress(network, lease, path, since)
            {
                Attachment = attachment,
                Verdict = attachment is not null ? judge.Judge(attachment) : Judge(judge, network, lease, since, patience ?? RuntimeOptions.DefaultPatience),
            });
        }

        held.Sort((a, b) => Order(a.Lease.Address, b.Lease.Address));
        return held;
    }

    /// <summary>The addresses that an attachment has leases of; none where the configuration doesn't say where they are, which its own DEL tells.</summary>
    /// <exception cref="Linux.LinuxException">The folder may not be looked into.</exception>
    internal static IReadOnlyList<IPAddress> AddressesOf(IHost host, NetworkConfigurationList list, AttachmentKey attachment)
    {
        string? folder;
        try
        {
            folder = DataFolderOf(list);
        }
        catch (CniException)
        {
            return [];
        }

        List<IPAddress> addresses = [];
        foreach (Lease lease in folder is null ? [] : LeaseFolder.Read(host, folder, list.Name))
        {
            if (lease.ContainerId == attachment.ContainerId && lease.InterfaceName == attachment.InterfaceName)
            {
                addresses.Add(lease.Address);
            }
        }

        return addresses;
    }

    /// <summary>The addresses of a network that can still be given out: neighbours together, range by range.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="list">The network; one that does not use host-local has none.</param>
    /// <param name="dataFolder">host-local's folder; null: the one that the network's configuration names.</param>
    /// <exception cref="CniException">The configuration is malformed.</exception>
    public static IReadOnlyList<FreeAddresses> Available(IHost host, NetworkConfigurationList list, string? dataFolder = null)
    {
        ArgumentNullException.ThrowIfNull(list);
        List<FreeAddresses> free = [];
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (plugin.IpamType == "host-local")
            {
                HostLocalConfiguration configuration = HostLocalConfiguration.Parse(new PluginCall(new PluginRequest
                {
                    Verb = CniVerb.Add,
                    Config = plugin.ToRequest(list.Name, list.CniVersion),
                }));
                List<Lease> taken = [.. LeaseFolder.Read(host, dataFolder ?? configuration.DataFolder, list.Name)];
                for (int i = 0; i < configuration.RangeSets.Count; i++)
                {
                    foreach (AddressRange range in configuration.RangeSets[i].Ranges)
                    {
                        AddFree(list.Name, i, range, taken, free);
                    }
                }
            }
        }

        return free;
    }

    private static void AddFree(string network, int rangeSet, AddressRange range, List<Lease> taken, List<FreeAddresses> free)
    {
        SortedSet<IpNumber> used = [];
        foreach (Lease lease in taken)
        {
            if (range.Contains(lease.Address))
            {
                used.Add(IpNumber.Of(lease.Address));
            }
        }

        if (range.Contains(range.Gateway))
        {
            used.Add(IpNumber.Of(range.Gateway)); // it is never given out
        }

        IpNumber next = range.Start;
        foreach (IpNumber number in used)
        {
            if (number > next)
            {
                Add(next, number.Previous());
            }

            if (number == range.End)
            {
                return; // the highest address of all has none behind it
            }

            next = number.Next();
        }

        Add(next, range.End);

        void Add(IpNumber first, IpNumber last) => free.Add(new FreeAddresses(
            network,
            rangeSet,
            range.Subnet,
            first.ToAddress(range.Subnet.Family),
            last.ToAddress(range.Subnet.Family),
            Value(last) - Value(first) + 1));
    }

    private static BigInteger Value(IpNumber number) => (new BigInteger(number.High) << 64) + number.Low;

    private static int Order(IPAddress a, IPAddress b) =>
        a.AddressFamily != b.AddressFamily ? a.AddressFamily.CompareTo(b.AddressFamily) : IpNumber.Of(a).CompareTo(IpNumber.Of(b));

    // One that another cache knows, or that a plugin's program added, is there if its interface is; and its ADD may be under way.
    private static Verdict Judge(LivenessJudge judge, string network, Lease lease, DateTimeOffset since, TimeSpan patience)
    {
        Verdict verdict = judge.Judge(new AttachmentClaim(network)
        {
            ContainerId = lease.ContainerId,
            InterfaceName = lease.InterfaceName,
            Addresses = [lease.Address],
        });
        return !verdict.IsGone ? verdict
            : DateTimeOffset.UtcNow - since < patience ? new Verdict(LifeState.Unknown, "no attachment in the cache has it, but it was given out just now: its ADD may be under way")
            : verdict with { Reason = "no attachment in the cache has it, nor any interface" };
    }
}
