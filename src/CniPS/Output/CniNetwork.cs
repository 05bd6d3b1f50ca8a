using System;
using System.Text;
using CniPS.Facts;
using CniPS.Spec;

namespace CniPS;

/// <summary>A network: a name, a version of the specification, and the plugins that attach containers to it.</summary>
public sealed class CniNetwork : IComparable<CniNetwork>, IComparable
{
    private readonly NetworkFacts _facts;

    private readonly bool _reveals;

    internal CniNetwork(NetworkConfigurationList configuration, bool isDefault = false, string? path = null, bool reveals = false)
    {
        _reveals = reveals;
        Configuration = configuration;
        IsDefault = isDefault;
        Path = path ?? configuration.Source;
        _facts = new NetworkFacts(configuration);
    }

    /// <summary>The network's name.</summary>
    public string Name => Configuration.Name;

    /// <summary>The network's name, under the name of the parameter that takes it.</summary>
    public string Network => Name;

    /// <summary>The version of the specification it runs with.</summary>
    public string CniVersion => Configuration.CniVersion;

    /// <summary>Whether a container runtime would take it for its default: it is the first one of its folder.</summary>
    public bool IsDefault { get; }

    /// <summary>The types of its plugins, in the order of ADD.</summary>
    public CniList<string> Plugins => _facts.Plugins.ToCniList();

    /// <summary>The bridge, where there is a bridge plugin.</summary>
    public string? Bridge => _facts.Bridge;

    /// <summary>The subnets that addresses are taken from.</summary>
    public CniList<string> Subnet => _facts.Subnets.ToTexts();

    /// <summary>The gateways that are written in the configuration; where there are none, plugins take a subnet's first address.</summary>
    public CniList<string> Gateway => _facts.Gateways.ToTexts();

    /// <summary>Whether containers reach other networks behind the host's address.</summary>
    public bool Masquerade => _facts.Masquerade;

    /// <summary>The capabilities that its plugins declare: what -CapabilityArgs can hold.</summary>
    public CniList<string> Capabilities => _facts.Capabilities.ToCniList();

    /// <summary>The file it is in; null where it is in none.</summary>
    public string? Path { get; }

    /// <summary>
    /// Its configuration list as text. Values of keys that look like credentials are masked, unless they were asked for (Get-CniNetwork -Force);
    /// the object itself has them all the same.
    /// </summary>
    public string Json => _reveals ? Encoding.UTF8.GetString(Configuration.Bytes.Span) : Credentials.Hide(Configuration.Bytes.Span);

    internal NetworkConfigurationList Configuration { get; }

    internal NetworkFacts Facts => _facts;

    /// <inheritdoc/>
    public int CompareTo(CniNetwork? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The network's name.</summary>
    public override string ToString() => Name;
}
