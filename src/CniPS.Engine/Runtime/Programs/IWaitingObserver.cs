using System;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An observer that also wants to know that a plugin is being waited for.</summary>
public interface IWaitingObserver : IOperationObserver
{
    /// <summary>A program runs still, or a native plugin waits for somebody else. It is told again and again, on the operation's thread, and must not take long.</summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="request">The call.</param>
    /// <param name="elapsed">How long the call has been going on.</param>
    void Waiting(string type, PluginRequest request, TimeSpan elapsed);
}
