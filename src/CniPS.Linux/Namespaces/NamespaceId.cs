using System.Globalization;

namespace CniPS.Linux.Namespaces;

/// <summary>What tells one namespace from another: device and inode of its file (namespaces(7)). Two paths to the same namespace have the same id.</summary>
/// <param name="Device">st_dev of the nsfs file, as major * 2^32 + minor.</param>
/// <param name="Inode">st_ino of the nsfs file.</param>
public readonly record struct NamespaceId(ulong Device, ulong Inode)
{
    /// <summary>Both numbers, fit for a file's name: <c>4-4026531840</c>.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Device:x}-{Inode}");

    /// <summary>The id as the kernel writes it: <c>net:[4026531840]</c>.</summary>
    public override string ToString() => $"net:[{Inode}]";
}
