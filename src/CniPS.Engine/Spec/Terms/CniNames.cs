using System;
using System.Buffers;
using System.Text;

namespace CniPS.Spec;

/// <summary>
/// The names that reach paths and the kernel: container ids, network names, interface names (SPEC, sections 1 and 2). Each is checked
/// before it is used for either.
/// </summary>
public static class CniNames
{
    /// <summary>The longest interface name, in bytes (IFNAMSIZ without the closing zero).</summary>
    public const int MaxInterfaceNameBytes = 15;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>
    /// Whether a text can be a container id: a letter or digit, then letters, digits, <c>_</c>, <c>.</c>, <c>-</c> (all ASCII).
    /// </summary>
    public static bool IsValidContainerId(string? containerId) => IsName(containerId);

    /// <summary>Whether a text can be a network name: the same rule as for container ids.</summary>
    public static bool IsValidNetworkName(string? networkName) => IsName(networkName);

    /// <summary>
    /// Whether a text can be an interface name: 1 to 15 bytes, neither <c>.</c> nor <c>..</c>, without <c>/</c>, <c>:</c> and white space.
    /// </summary>
    public static bool IsValidInterfaceName(string? interfaceName) => InterfaceNameProblem(interfaceName, out _) is null;

    /// <summary>Refuses what can't be a container id.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.InvalidName"/>: code 3 for none, code 4 for a bad one.</exception>
    public static void ValidateContainerId(string? containerId)
    {
        if (string.IsNullOrEmpty(containerId))
        {
            throw Invalid(CniErrorCode.UnknownContainer, "missing containerID", null, "Name the container.");
        }

        if (!IsName(containerId))
        {
            throw Invalid(CniErrorCode.InvalidEnvironmentVariables, "invalid characters in containerID", containerId, NameRule);
        }
    }

    /// <summary>Refuses what can't be a network name.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.InvalidName"/>, code 7.</exception>
    public static void ValidateNetworkName(string? networkName)
    {
        if (string.IsNullOrEmpty(networkName))
        {
            throw Invalid(CniErrorCode.InvalidNetworkConfig, "missing network name:", null, "Give the network configuration a \"name\".");
        }

        if (!IsName(networkName))
        {
            throw Invalid(CniErrorCode.InvalidNetworkConfig, "invalid characters found in network name", networkName, NameRule);
        }
    }

    /// <summary>Refuses what can't be an interface name.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.InvalidName"/>, code 4.</exception>
    public static void ValidateInterfaceName(string? interfaceName)
    {
        if (InterfaceNameProblem(interfaceName, out string? details) is { } problem)
        {
            throw Invalid(
                CniErrorCode.InvalidEnvironmentVariables,
                problem,
                details,
                "Use a name of 1 to 15 bytes without \"/\", \":\" and white space, such as eth0.",
                interfaceName);
        }
    }

    private const string NameRule = "Begin with a letter or digit, and go on with letters, digits, \"_\", \".\" and \"-\" only.";

    private static bool IsName(string? text) =>
        !string.IsNullOrEmpty(text) && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    private static string? InterfaceNameProblem(string? name, out string? details)
    {
        details = null;
        if (string.IsNullOrEmpty(name))
        {
            return "interface name is empty";
        }

        if (Encoding.UTF8.GetByteCount(name) > MaxInterfaceNameBytes)
        {
            details = "interface name should be less than 16 characters";
            return "interface name is too long";
        }

        if (name is "." or "..")
        {
            return "interface name is . or ..";
        }

        foreach (char c in name)
        {
            if (c is '/' or ':' || char.IsWhiteSpace(c))
            {
                return "interface name contains / or : or whitespace characters";
            }
        }

        return null;
    }

    private static CniException Invalid(CniErrorCode code, string message, string? details, string action, string? target = null) =>
        new(CniErrorIds.InvalidName, code, message, details) { RecommendedAction = action, Target = target ?? details };
}
