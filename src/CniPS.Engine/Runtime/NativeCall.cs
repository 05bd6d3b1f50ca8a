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
        PluginCall call = new(request);
        VersionSupport.Require(request.Verb, call.CniVersion, native.SupportedVersions);
        switch (request.Verb)
        {
            case CniVerb.Add:
                return native.Add(call, context).ConvertTo(call.CniVersion);
            case CniVerb.Delete:
                native.Delete(call, context);
                return null;
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
}
