using CniPS.Spec;

namespace CniPS;

/// <summary>A key that a native plugin reads in its configuration, as it declares it.</summary>
public sealed class CniPluginKey
{
    internal CniPluginKey(string plugin, PluginKey key)
    {
        Plugin = plugin;
        Name = key.Path;
        Type = key.Type;
        Default = key.Default;
        Meaning = key.Meaning;
        Since = key.Since;
    }

    /// <summary>The key; a dot goes into an object, <c>[]</c> is each element of an array, <c>*</c> a name of the user's choice.</summary>
    public string Name { get; }

    /// <summary>What it takes, in words, such as <c>boolean</c> or <c>array of strings</c>.</summary>
    public string Type { get; }

    /// <summary>What holds where it is absent, as it would be written; null where there is nothing.</summary>
    public string? Default { get; }

    /// <summary>What it does, in a sentence.</summary>
    public string Meaning { get; }

    /// <summary>The version of the reference plugins that first had it, or of CniPS where they don't have it.</summary>
    public string Since { get; }

    /// <summary>The plugin's type.</summary>
    public string Plugin { get; }

    /// <summary>The key.</summary>
    public override string ToString() => Name;
}
