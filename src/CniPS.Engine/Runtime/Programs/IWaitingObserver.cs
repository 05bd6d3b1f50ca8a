using System;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An observer that also wants to know that a program is being waited for.</summary>
public interface IWaitingObserver : IOperationObserver
{
    /// <summary>A program runs still. It is told again and again, on the operation's thread, and must not take long.</summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="request">The call.</param>
    /// <param name="elapsed">How long it has been running.</param>
    void Waiting(string type, PluginRequest request, TimeSpan elapsed);
}
