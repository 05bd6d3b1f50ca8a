using System;
using System.Diagnostics;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What is called while a plugin is being waited for.</summary>
internal static class Waits
{
    /// <summary>Tells an observer of one call, from now on; null if it doesn't want to know.</summary>
    internal static Action? Of(IOperationObserver? observer, string type, PluginRequest request)
    {
        if (observer is not IWaitingObserver waiting)
        {
            return null;
        }

        Stopwatch watch = Stopwatch.StartNew();
        return () => waiting.Waiting(type, request, watch.Elapsed);
    }
}
