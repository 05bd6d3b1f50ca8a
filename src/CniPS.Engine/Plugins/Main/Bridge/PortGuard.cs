using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Lets only frames with the container's own address in by its port (<c>macspoofchk</c>).</summary>
internal sealed class PortGuard
{
    private readonly PluginContext _context;
    private readonly PluginCall _call;
    private readonly IHost _host;
    private readonly string _comment;

    internal PortGuard(PluginContext context, PluginCall call)
    {
        _context = context;
        _call = call;
        _host = context.Host;
        _comment = AttachmentComment.Of(call);
    }

    private INftablesView View => _host.Nftables(_host.Namespace);

    /// <summary>Guards a port. Without a lock, where the shared rules are as they should be and nobody has the port.</summary>
    internal void Add(string port, MacAddress address)
    {
        try
        {
            if (SpoofCheck.Missing(View, _host.Namespace).Count == 0)
            {
                _context.Apply(SpoofCheck.Add(_host.Namespace, port, address, _comment));
                return;
            }
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsNotFound: true } or LinuxException { IsExists: true })
        {
            // Their chain has just gone, or a leftover holds the port: both are seen to below.
        }

        using (_host.LockNamespace(_host.Namespace, exclusive: true, _context.Cancellation))
        {
            IReadOnlyList<NftChange> missing = SpoofCheck.Missing(View, _host.Namespace);
            if (missing.Count > 0)
            {
                _context.Transaction.ApplyShared(new SharedSpoofCheck(), missing);
            }

            _context.Apply(SpoofCheck.Assign(View, _host.Namespace, port, address, _comment));
        }
    }

    /// <summary>CHECK: the port must be guarded in this attachment's name.</summary>
    internal void Check(string port, MacAddress address, List<Difference> differences)
    {
        IReadOnlyList<NftChange> missing = SpoofCheck.Missing(View, _host.Namespace);
        if (missing.Count > 0 || !SpoofCheck.IsGuarded(View, port, address, _comment))
        {
            differences.Add(new Difference($"MAC spoof check of {port}", "on", null, $"Interface {port} lets frames in from other addresses than {address}")
            {
                Repair = [.. missing, .. SpoofCheck.Assign(View, _host.Namespace, port, address, _comment)],
            });
        }
    }

    /// <summary>DEL: guards the port no more; the rules that the Go plugin made for it go too, unless ADD was killed: they may be in use.</summary>
    internal void Remove()
    {
        List<Change> changes = [];
        if (KnownPort() is { } known && SpoofCheck.IsGuarded(View, known.Port, known.Address, _comment))
        {
            changes.AddRange(SpoofCheck.Remove(_host.Namespace, known.Port, known.Address));
        }
        else if (View.HasTable(SpoofCheck.Table))
        {
            string? owner = NftComment.Fit(_comment);
            changes.AddRange(SpoofCheck.RemoveWhere(View, _host.Namespace, port => port.Owner == owner));
        }

        if (!_context.OnlyOwn)
        {
            changes.AddRange(GoSpoofCheck.Remove(_host, _call));
        }

        _context.Apply(changes);
    }

    /// <summary>GC: guards no more the ports of a network that belong to none of its valid attachments.</summary>
    internal static void RemoveInvalid(PluginContext context, string network, ValidAttachments valid)
    {
        ListedComments listed = new(valid, network);
        context.Apply(SpoofCheck.RemoveWhere(
            context.Host.Nftables(context.Host.Namespace),
            context.Host.Namespace,
            port => port.Owner is { } owner && listed.IsGarbage(owner, port.Port)));
    }

    // As the result names them: the host's end is the second interface, the container's the one in its sandbox.
    private (string Port, MacAddress Address)? KnownPort()
    {
        if (_call.PreviousResult is not { Interfaces: { Count: >= 3 } interfaces })
        {
            return null;
        }

        foreach (CniInterface candidate in interfaces)
        {
            if (candidate.Name == _call.InterfaceName && !string.IsNullOrEmpty(candidate.Sandbox) && Link.CanBeNamed(interfaces[1].Name)
                && MacAddress.TryParse(candidate.Mac, out MacAddress address))
            {
                return (interfaces[1].Name, address);
            }
        }

        return null;
    }
}
