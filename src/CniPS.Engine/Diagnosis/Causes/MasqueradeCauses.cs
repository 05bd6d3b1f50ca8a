using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>Whether an answer finds no way back because nobody has given the packet another source.</summary>
internal static class MasqueradeCauses
{
    /// <summary>Null where the packet wasn't sent on by the host, or had its source changed.</summary>
    internal static Cause? Missing(MachineView machine, Journey journey, NamespaceView view, IPAddress source)
    {
        Remembered? forwarded = journey.Connections.FirstOrDefault(connection =>
            connection.Namespace == machine.Host.Namespace.Id && connection.IsForwarded && connection.Original.Source.Equals(source)
            && connection.Translated.Source.Equals(source));
        if (forwarded is null || view.IsHost)
        {
            return null;
        }

        if (machine.HolderOf(source) is { IsHost: false } sender && RouteCauses.OwnFault(machine, sender) is { } own)
        {
            return own; // it sends from another address than it was given
        }

        CachedAttachment? holder = machine.Attachments.FirstOrDefault(attachment => attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(source) == true) == true);
        string message = $"{source} leaves {machine.Host.Name} under its own address, to which {view.Name} has no way back: nobody masquerades it";
        if (holder?.Result?.Ips.FirstOrDefault(ip => ip.Address?.Address.Equals(source) == true)?.Address is not { } address)
        {
            return new Cause("MasqueradeMissing", machine.Host.Name, message, $"masquerade {source} on {machine.Host.Name} (\"ipMasq\": true), or a route to it in {view.Name}");
        }

        IHost host = machine.Machine;
        string comment = $"{holder.Network} {holder.InterfaceName} {holder.ContainerId}";
        List<Change> repair =
        [
            .. Masquerade.Missing(host.Nftables(host.Namespace), host.Namespace, address),
            .. Masquerade.Assign(host.Nftables(host.Namespace), host.Namespace, address, comment),
        ];
        return Cause.Mended("MasqueradeMissing", machine.Host.Name, message, repair);
    }
}
