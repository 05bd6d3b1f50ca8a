using System;
using System.Collections.Generic;

namespace CniPS.Plugins.Main;

/// <summary>
/// ptp's DEL: masquerading, pair, address, each whether or not the others could be removed, with or without a namespace. The address is
/// given back after the pair is gone, so that it is never free while in use.
/// </summary>
internal static class PtpRemoval
{
    internal static void Delete(PluginCall call, PluginContext context, PtpConfiguration configuration)
    {
        List<Exception> failures = [];
        if (configuration.Masquerade || call.Request.IsReduced)
        {
            new AttachmentMasquerade(context, call, configuration.MasqueradeBackend).Remove(failures);
        }

        IpamDelegate.Release(context, call, failures, new VethRemoval(context, call).Remove);
        Failures.Throw(failures, "ptp", "DEL");
    }
}
