using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>Runs a plugin by its type, natively or as a program, whichever is chosen; for plugins that delegate (SPEC, section 4).</summary>
public interface IPluginInvoker
{
    /// <summary>ADD, DEL, CHECK, STATUS or GC of another plugin, with a request made for it.</summary>
    /// <param name="type">The other plugin's type.</param>
    /// <param name="request">The request; delegation keeps the parent's configuration, byte for byte.</param>
    /// <param name="context">The parent's context: a native delegate's changes belong to the same transaction.</param>
    /// <returns>ADD's result; null for the other verbs. Differences that a native delegate finds at CHECK go to <see cref="PluginContext.Differences"/>.</returns>
    /// <exception cref="CniException">The delegate failed, or was not found.</exception>
    CniResult? Invoke(string type, PluginRequest request, PluginContext context);

    /// <summary>Whether it would be run natively.</summary>
    /// <param name="type">The other plugin's type.</param>
    bool IsNative(string type);
}
