using System;
using CniPS.Linux.Host;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>Is told every step of an operation, on the operation's own thread, as it happens.</summary>
public interface IOperationObserver
{
    /// <summary>A plugin is about to be called.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="request">The call.</param>
    /// <param name="program">The program's path; null for a native plugin.</param>
    void Calling(string type, PluginRequest request, string? program);

    /// <summary>The call ended.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="request">The call.</param>
    /// <param name="result">ADD's result.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="duration">How long it took.</param>
    void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration);

    /// <summary>A change was made, or, in a plan, would be.</summary>
    void Changed(Change change);

    /// <summary>A change was made, or would be, to something that attachments share.</summary>
    void ChangedShared(Change change) => Changed(change);

    /// <summary>Something a person should know that is no error.</summary>
    void Warn(string message);
}
