namespace CniPS.Spec;

/// <summary>
/// A key that a plugin knows in its configuration: what its documentation says of it, and what makes other keys unknown ones.
/// </summary>
/// <param name="Path">
/// The key's path, as <c>ipam.ranges[][].rangeStart</c>: <c>[]</c> for every element of an array, <c>*</c> for a name of the user's choice.
/// An object or array of which no key is declared is not looked into.
/// </param>
/// <param name="Type">
/// The value's type in words, as <c>string</c>, <c>integer</c>, <c>boolean</c>, <c>array of strings</c>, <c>CIDR</c>.
/// </param>
/// <param name="Default">What the plugin takes where the key is absent, as it would be written; null where there is nothing.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Since">The version of the reference plugins that first had it, or of CniPS where they don't have it.</param>
public sealed record PluginKey(string Path, string Type, string? Default, string Meaning, string Since);
