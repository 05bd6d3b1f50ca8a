using System;
using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>What the configurations of plugins that give the container one link have in common.</summary>
internal abstract record LinkConfiguration
{
    /// <summary>The configuration's own DNS; it replaces that of IPAM where it says anything.</summary>
    internal CniDns? Dns { get; init; }

    /// <summary>The MTU in bytes; 0 for the kernel's.</summary>
    internal int Mtu { get; init; }

    /// <summary>Refuses a configuration without <c>ipam</c>.</summary>
    internal static void RequireIpam(PluginCall call, PluginConfigReader root, string message)
    {
        if (call.Configuration.IpamType.Length == 0)
        {
            root.Report("ipam", message, "Add \"ipam\" with the type of an address plugin, for example host-local.");
        }
    }

    /// <summary>The link-layer address asked for: by the configuration, by CNI_ARGS (MAC), by the capability <c>mac</c>; the last one counts.</summary>
    internal static MacAddress? ReadMac(PluginCall call, PluginConfigReader root)
    {
        if (call.Request.Verb is not (CniVerb.Add or CniVerb.Check))
        {
            return null; // it concerns only what is made
        }

        if (root.GetObject("runtimeConfig")?.GetMac("mac") is { } capability)
        {
            return capability;
        }

        return call.Request.Args["MAC"] switch
        {
            null or "" => root.GetMac("mac"),
            { } text when MacAddress.TryParse(text, out MacAddress mac) => mac,
            { } text => throw CniArgs.InvalidValue("MAC", text, $"invalid MAC address {text}"),
        };
    }

    /// <summary>An MTU; whether the link below it allows it is seen later.</summary>
    internal static int ReadMtu(PluginConfigReader root)
    {
        int mtu = root.GetInt("mtu") ?? 0;
        if (mtu < 0)
        {
            root.Report("mtu", $"invalid MTU {mtu}", "Leave it out, or give it in bytes.");
        }

        return mtu;
    }

    /// <summary>A whole number that the kernel keeps in 32 bits without a sign; null where it is absent.</summary>
    internal static uint? ReadUnsigned(PluginConfigReader root, string key, uint highest = uint.MaxValue)
    {
        long? number = root.GetLong(key);
        if (number < 0 || number > highest)
        {
            root.Report(key, $"{number} is out of range (0 to {highest})");
            return null;
        }

        return (uint?)number;
    }

    /// <summary>A word with a meaning.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="key">The key.</param>
    /// <param name="what">What it chooses, for the error.</param>
    /// <param name="words">The words there are, the default first.</param>
    internal static T ReadWord<T>(PluginConfigReader root, string key, string what, params ReadOnlySpan<(string Word, T Meaning)> words)
    {
        string text = root.GetString(key) ?? "";
        List<string> known = [];
        foreach ((string word, T meaning) in words)
        {
            if (text == word)
            {
                return meaning;
            }

            known.Add(word);
        }

        if (text.Length > 0)
        {
            root.Report(key, $"unknown {what}: \"{text}\"", $"Use one of {string.Join(", ", known)}.");
        }

        return words[0].Meaning;
    }
}
