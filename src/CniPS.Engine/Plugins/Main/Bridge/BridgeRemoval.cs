using System;
using System.Collections.Generic;

namespace CniPS.Plugins.Main;

/// <summary>
/// bridge's DEL: masquerading, link, address, each whether or not the others could be removed, with or without a namespace. The address is
/// given back after the link is gone, so that it is never free while in use; only dhcp needs the link to say so.
/// </summary>
internal sealed class BridgeRemoval
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;

    internal BridgeRemoval(PluginCall call, PluginContext context, BridgeConfiguration configuration)
    {
        _call = call;
        _context = context;
        _configuration = configuration;
    }

    internal void Delete()
    {
        List<Exception> failures = [];
        if (_configuration.Masquerade || _call.Request.IsReduced)
        {
            new AttachmentMasquerade(_context, _call, _configuration.MasqueradeBackend).Remove(failures);
        }

        if (_configuration.SpoofCheck || _call.Request.IsReduced)
        {
            Failures.Try(failures, new PortGuard(_context, _call).Remove);
        }

        IpamDelegate.Release(_context, _call, failures, new VethRemoval(_context, _call).Remove);
        Failures.Throw(failures, "bridge", "DEL");
    }
}
