using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>
/// A native plugin: a function of its request. It has no state, no ambient environment and no console; it sees and changes the machine
/// through its context only.
/// </summary>
public interface ICniPlugin
{
    /// <summary>The <c>type</c> by which configurations name it.</summary>
    string Type { get; }

    /// <summary>The specification's versions it speaks, lowest first.</summary>
    IReadOnlyList<string> SupportedVersions { get; }

    /// <summary>The configuration keys it knows.</summary>
    PluginSchema Schema { get; }

    /// <summary>
    /// Reads the whole configuration as ADD would, and looks at nothing else. What is wrong with it is thrown, or, where the call's
    /// configuration collects its errors, reported there as far as it does not keep the rest from being read.
    /// </summary>
    void Validate(PluginCall call);

    /// <summary>ADD (SPEC, section 2).</summary>
    /// <returns>The result, in any version; the caller converts it to the configuration's.</returns>
    /// <exception cref="CniException">It failed; what it had made is still to be rolled back by the context's owner.</exception>
    CniResult Add(PluginCall call, PluginContext context);

    /// <summary>DEL: finishes whatever can be finished, then throws what went wrong.</summary>
    void Delete(PluginCall call, PluginContext context);

    /// <summary>CHECK: every difference between what ADD made and what is; none if all is well.</summary>
    IReadOnlyList<Difference> Check(PluginCall call, PluginContext context);

    /// <summary>STATUS: throws if ADD could not be served.</summary>
    void Status(PluginCall call, PluginContext context);

    /// <summary>GC: removes what belongs to none of the valid attachments in the configuration (<c>cni.dev/valid-attachments</c>).</summary>
    void CollectGarbage(PluginCall call, PluginContext context);
}
