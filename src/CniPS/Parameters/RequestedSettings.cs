using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// What a container is to get beyond what its network says: ports, addresses, a MAC address. Each goes as a capability argument where a
/// plugin of the network declares the capability, else as CNI_ARGS, where there is a word for it.
/// </summary>
internal sealed record RequestedSettings
{
    internal IReadOnlyList<PortMapping> PortMappings { get; init; } = [];

    internal IReadOnlyList<string> Addresses { get; init; } = [];

    internal string? Mac { get; init; }

    /// <summary>The parameters that were typed, where not all of them were: the others are an object's of the pipeline.</summary>
    internal IReadOnlySet<string>? Typed { get; init; }

    /// <summary>Puts the settings into an attachment.</summary>
    /// <exception cref="CniException">A value is malformed, given twice, or nobody takes it.</exception>
    internal Attachment ApplyTo(Attachment attachment, NetworkConfigurationList network)
    {
        if (PortMappings.Count == 0 && Addresses.Count == 0 && Mac is null)
        {
            return attachment;
        }

        Check();
        List<KeyValuePair<string, JsonElement>> capabilities = [.. attachment.CapabilityArgs];
        List<KeyValuePair<string, string>> args = [.. attachment.Args.Pairs];
        if (PortMappings.Count > 0)
        {
            Declare(network, "portMappings", "-PortMapping");
            Add(capabilities, "portMappings", "PortMapping", "CapabilityArgs", JsonValue.ToElement(WritePorts));
        }

        if (Addresses.Count > 0 && Declares(network, "ips"))
        {
            Add(capabilities, "ips", "IPAddress", "CapabilityArgs", JsonValue.ToElement(Addresses));
        }
        else if (Addresses.Count > 1 && IsTyped("IPAddress"))
        {
            Declare(network, "ips", "-IPAddress with several addresses");
        }
        else if (Addresses.Count > 0 && (IsTyped("IPAddress") || !GivesTheSame(network)))
        {
            Add(args, "IP", "IPAddress", "CniArgs", IsTyped("IPAddress") ? Addresses[0] : string.Join(',', Addresses.Select(AddressOf)));
        }

        if (Mac is not null && Declares(network, "mac"))
        {
            Add(capabilities, "mac", "MacAddress", "CapabilityArgs", JsonValue.ToElement(Mac));
        }
        else if (Mac is not null)
        {
            Add(args, "MAC", "MacAddress", "CniArgs", Mac);
        }

        // The other plugins of the list would refuse a key that is not theirs.
        if (args.Count > attachment.Args.Pairs.Count && attachment.Args["IgnoreUnknown"] is null)
        {
            args.Insert(0, new("IgnoreUnknown", "1"));
        }

        return attachment with { CapabilityArgs = capabilities, Args = new CniArgs(args) };
    }

    private void Check()
    {
        foreach (string address in Addresses)
        {
            if (!IpText.TryParse(address, out _) && !IpPrefix.TryParse(address, out _))
            {
                throw Invalid($"\"{address}\" is no IP address", "Give an address, such as 10.1.0.9 or 10.1.0.9/24.", address);
            }
        }

        if (Mac is not null && (!MacAddress.TryParse(Mac, out MacAddress mac) || mac.IsMulticast))
        {
            throw Invalid($"\"{Mac}\" is no interface's MAC address", "Give six hex pairs, the first one even: 0a:58:0a:01:00:09.", Mac);
        }
    }

    private void WritePorts(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (PortMapping mapping in PortMappings)
        {
            mapping.Write(writer);
        }

        writer.WriteEndArray();
    }

    private static bool Declares(NetworkConfigurationList network, string capability)
    {
        foreach (PluginConfiguration plugin in network.Plugins)
        {
            if (plugin.Capabilities.TryGetValue(capability, out bool wanted) && wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static void Declare(NetworkConfigurationList network, string capability, string parameter)
    {
        if (!Declares(network, capability))
        {
            throw new CniException(
                CniErrorIds.CapabilityNotDeclared,
                CniErrorCode.InvalidNetworkConfig,
                $"{parameter}: no plugin of network {network.Name} declares the capability \"{capability}\"")
            {
                RecommendedAction = $"Add a plugin that has it, with \"capabilities\": {{\"{capability}\": true}}.",
                Target = network.Name,
            };
        }
    }

    /// <summary>What is wanting in what was made: an address, the MAC address. Null where all is as it was asked for.</summary>
    internal CniException? DifferenceOf(CniAttachment made)
    {
        foreach (string text in Addresses)
        {
            if (!made.Prefixes.Any(prefix => prefix.Address.Equals(AddressOf(text))))
            {
                return Differs(made, $"the address {text} was asked for, and {(made.Prefixes.Length > 0 ? made.Addresses : "none")} given", "ips");
            }
        }

        return Mac is not null && made.Mac is { } actual && !(MacAddress.TryParse(Mac, out MacAddress wanted) && wanted.ToString() == actual)
            ? Differs(made, $"the MAC address {Mac} was asked for, and {actual} given", "mac")
            : null;
    }

    private static CniException Differs(CniAttachment made, string what, string capability) =>
        new(ModuleErrorIds.AttachmentDiffers, CniErrorCode.Internal, $"{made} would not be what was asked for, and is taken back: {what}")
        {
            RecommendedAction = $"Give the network a plugin that takes the capability \"{capability}\", or leave it out.",
            Target = made.ContainerId,
            Verb = "ADD",
        };

    private static IPAddress AddressOf(string text) =>
        IpText.TryParse(text, out IPAddress? address) ? address : IpPrefix.Parse(text).Address;

    // Nobody gives another address here, or takes one that is asked for.
    private static bool GivesTheSame(NetworkConfigurationList network) =>
        network.Plugins.Any(plugin => plugin.Json.TryGetProperty("ipam", out JsonElement ipam) && ipam.ValueKind == JsonValueKind.Object
            && ipam.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() is "static" or "dhcp");

    private bool IsTyped(string parameter) => Typed is null || Typed.Contains(parameter);

    // Of what says the same, that which was typed counts; of an object's, that which ADD was given.
    private void Add<T>(List<KeyValuePair<string, T>> settings, string key, string parameter, string other, T value)
    {
        int at = settings.FindIndex(pair => pair.Key == key);
        if (at < 0)
        {
            settings.Add(new(key, value));
        }
        else if (IsTyped(parameter))
        {
            settings[at] = IsTyped(other)
                ? throw Invalid($"\"{key}\" is given twice, by -{parameter} as well", $"Leave out -{parameter} or \"{key}\".", key)
                : new(key, value);
        }
    }

    private static CniException Invalid(string message, string action, string target) =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables, message) { RecommendedAction = action, Target = target };
}
