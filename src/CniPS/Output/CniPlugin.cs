using System;
using System.Linq;
using CniPS.Facts;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;

namespace CniPS;

/// <summary>A plugin that is there.</summary>
public sealed class CniPlugin : IComparable<CniPlugin>, IComparable
{
    internal CniPlugin(FoundPlugin found)
    {
        Type = found.Type;
        Path = found.Path;
        IsUsed = found.IsUsed;
        SupportedVersions = found.SupportedVersions.ToCniList();
        Problem = found.Failure?.Message;
    }

    /// <summary>Its type, by which configurations name it.</summary>
    public string Type { get; }

    /// <summary>The same, under the name of the parameter that takes it.</summary>
    public string Name => Type;

    /// <summary>Whether it is built in.</summary>
    public bool IsNative => Path is null;

    /// <summary><c>Native</c> or <c>Program</c>.</summary>
    public string Source => IsNative ? "Native" : "Program";

    /// <summary>The program's path; null for a native plugin.</summary>
    public string? Path { get; }

    /// <summary>Whether it is the one that a configuration of its type gets.</summary>
    public bool IsUsed { get; }

    /// <summary>The versions of the specification that it speaks (VERSION); none where it could not be asked.</summary>
    public CniList<string> SupportedVersions { get; }

    /// <summary>The names of the keys that it reads in its configuration, by its declaration; none for a program, which declares none.</summary>
    public CniList<string> Keys => DeclaredKeys.ToTexts();

    /// <summary>Why it could not be asked; null where it could.</summary>
    public string? Problem { get; }

    /// <summary>The keys.</summary>
    internal CniList<CniPluginKey> DeclaredKeys =>
        (IsNative ? NativePlugins.Find(Type)?.Schema.Keys ?? [] : []).Select(key => new CniPluginKey(Type, key)).ToCniList();

    /// <inheritdoc/>
    public int CompareTo(CniPlugin? other)
    {
        int order = string.CompareOrdinal(Type, other?.Type);
        return order != 0 ? order : string.CompareOrdinal(Path, other?.Path);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Its type.</summary>
    public override string ToString() => Type;
}
