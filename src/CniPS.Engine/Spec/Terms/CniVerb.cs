using System;

namespace CniPS.Spec;

/// <summary>What a plugin can be asked (SPEC, section 2, "CNI operations").</summary>
public enum CniVerb
{
    /// <summary>ADD: put a container on a network, or apply modifications.</summary>
    Add,

    /// <summary>DEL: take it off again.</summary>
    Delete,

    /// <summary>CHECK: is the container's networking as expected?</summary>
    Check,

    /// <summary>GC: remove what belongs to no valid attachment.</summary>
    GarbageCollect,

    /// <summary>STATUS: is the plugin ready to serve ADD?</summary>
    Status,

    /// <summary>VERSION: which versions does the plugin speak?</summary>
    Version,
}

/// <summary>Verbs as CNI_COMMAND has them.</summary>
public static class CniVerbs
{
    /// <summary>The verb in CNI_COMMAND's spelling.</summary>
    public static string ToCommand(this CniVerb verb) => verb switch
    {
        CniVerb.Add => "ADD",
        CniVerb.Delete => "DEL",
        CniVerb.Check => "CHECK",
        CniVerb.GarbageCollect => "GC",
        CniVerb.Status => "STATUS",
        CniVerb.Version => "VERSION",
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    };

    /// <summary>Reads CNI_COMMAND, in its exact spelling.</summary>
    public static bool TryParse(string? command, out CniVerb verb)
    {
        CniVerb? found = command switch
        {
            "ADD" => CniVerb.Add,
            "DEL" => CniVerb.Delete,
            "CHECK" => CniVerb.Check,
            "GC" => CniVerb.GarbageCollect,
            "STATUS" => CniVerb.Status,
            "VERSION" => CniVerb.Version,
            _ => null,
        };
        verb = found.GetValueOrDefault();
        return found is not null;
    }
}
