using System;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A request, given to the member of a native plugin that its verb means.</summary>
internal static class NativeCall
{
    /// <summary>Calls the plugin. Differences that CHECK finds go to the context.</summary>
    /// <returns>The result of ADD, in the configuration's version; null for the other verbs.</returns>
    /// <exception cref="CniException">The plugin does not speak the version, or failed.</exception>
    internal static CniResult? Run(ICniPlugin native, PluginRequest request, PluginContext context)
    {
        if (request.Verb == CniVerb.Delete)
        {
            TolerantDeletion.Run(request, asked => native.Delete(Make(native, asked), context), message => context.Observer?.Warn($"{native.Type}: {message}"));
            return null;
        }

        PluginCall call = Make(native, request);
        switch (request.Verb)
        {
            case CniVerb.Add:
                return native.Add(call, context).ConvertTo(call.CniVersion);
            case CniVerb.Check:
                foreach (Difference difference in native.Check(call, context))
                {
                    context.Differences.Add(difference.PluginType.Length > 0 ? difference : difference with { PluginType = native.Type });
                }

                return null;
            case CniVerb.Status:
                native.Status(call, context);
                return null;
            case CniVerb.GarbageCollect:
                native.CollectGarbage(call, context);
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(request));
        }
    }

    private static PluginCall Make(ICniPlugin native, PluginRequest request)
    {
        PluginCall call = new(request);
        VersionSupport.Require(request.Verb, call.CniVersion, native.SupportedVersions);
        return call;
    }
}
