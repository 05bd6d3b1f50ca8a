using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>A plugin that makes rules in one of two forms, and can turn those of a living attachment into the other.</summary>
internal interface IConvertsRules
{
    /// <summary>The configuration's key that names the form; a dot goes into an object.</summary>
    string BackendKey { get; }

    /// <summary>Whether an attachment has rules of this plugin's, in whichever form.</summary>
    /// <param name="call">As for CHECK: with the result of the whole list.</param>
    /// <param name="context">What the plugin works with.</param>
    bool HasRules(PluginCall call, PluginContext context);

    /// <summary>Makes an attachment's rules in a form. Those of the other stay for now, so that no packet finds neither.</summary>
    /// <param name="call">As for CHECK, with a configuration that names the form.</param>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="to">The form.</param>
    /// <returns>What takes away the rules of every other form.</returns>
    IReadOnlyList<Change> Convert(PluginCall call, PluginContext context, RuleBackend to);
}
