using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>firewalld: each address becomes a source of a zone.</summary>
internal sealed class FirewalldFirewall(PluginContext context, FirewallConfiguration configuration) : IFirewallBackend
{
    private IFirewalldView View => context.Host.Firewalld;

    private string Zone => configuration.Zone;

    public void Add(FirewallTargets targets)
    {
        List<Change> changes = [];
        foreach (IPAddress address in targets.Addresses)
        {
            changes.Add(new FirewalldSourceAdd(Zone, SourceOf(address)));
        }

        context.Apply(changes);
    }

    public IReadOnlyList<Difference> Check(FirewallTargets targets)
    {
        List<Difference> differences = [];
        foreach (IPAddress address in targets.Addresses)
        {
            string source = SourceOf(address);
            if (!View.HasSource(Zone, source))
            {
                differences.Add(new Difference($"source {source}", $"in zone {Zone}", null, $"failed to find the address {source} in {Zone} zone")
                {
                    Repair = [new FirewalldSourceAdd(Zone, source)],
                });
            }
        }

        return differences;
    }

    public bool Has(FirewallTargets targets)
    {
        foreach (IPAddress address in View.IsRunning ? targets.Addresses : [])
        {
            if (View.HasSource(Zone, SourceOf(address)))
            {
                return true;
            }
        }

        return false;
    }

    public void Remove(FirewallTargets targets) => context.Apply(Removal(targets));

    // Where it runs no more, its zones are gone with it.
    public IReadOnlyList<Change> Removal(FirewallTargets targets)
    {
        if (targets.Addresses.Count == 0 || !View.IsRunning)
        {
            return [];
        }

        List<Change> changes = [];
        foreach (IPAddress address in targets.Addresses)
        {
            changes.Add(new FirewalldSourceRemove(Zone, SourceOf(address)));
        }

        return changes;
    }

    public void RemoveInvalid(ValidAttachments valid)
    {
        // A zone doesn't say whom a source serves.
    }

    public void RequireUsable()
    {
        if (!View.IsRunning)
        {
            throw new CniException(CniErrorIds.FirewalldFailed, CniErrorCode.PluginNotAvailable, "firewalld doesn't run")
            {
                PluginType = "firewall",
                RecommendedAction = "Start firewalld, or leave out \"backend\".",
            };
        }
    }

    private static string SourceOf(IPAddress address) => $"{address}/{(address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)}";
}
