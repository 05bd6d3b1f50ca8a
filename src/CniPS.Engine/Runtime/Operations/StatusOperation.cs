using System.Threading;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>STATUS of a list: every plugin in order, up to the first that is not ready.</summary>
internal static class StatusOperation
{
    internal static void Run(Services services, NetworkConfigurationList list, CancellationToken cancellation)
    {
        RuntimeOptions options = services.Options;
        if (options.LookFirst)
        {
            CniNames.ValidateNetworkName(list.Name);
            CniVersion.Parse(list.CniVersion);
        }

        if (!CniVersion.TryParse(list.CniVersion, out CniVersion version) || !version.AtLeast(VersionSupport.CollectSince))
        {
            if (!options.LibcniMessages)
            {
                services.Observer?.Warn(
                    $"Network {list.Name} has version {GoText.Quote(list.CniVersion)}, which has no STATUS: no plugin was asked. Raise cniVersion to {VersionSupport.CollectSince}.");
            }

            return;
        }

        PluginInvoker invoker = new(services.Host, options, services.Observer);
        using PluginContext context = services.Context(new Transaction(services.Host, services.Observer), invoker, cancellation);
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                invoker.Invoke(plugin.Type, Requests.Status(list, plugin, options), context);
            }
            catch (CniException e) when (!options.LibcniMessages)
            {
                throw new PluginCallException(plugin, CniVerb.Status, e);
            }
        }
    }
}
