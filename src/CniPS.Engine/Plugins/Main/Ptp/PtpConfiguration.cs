using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>ptp's configuration, complete and checked.</summary>
internal sealed record PtpConfiguration
{
    internal required string IpamType { get; init; }

    internal bool Masquerade { get; init; }

    internal RuleBackend? MasqueradeBackend { get; init; }

    internal int Mtu { get; init; }

    internal bool DetectDuplicates { get; init; }

    /// <summary>The configuration's own DNS; it replaces that of IPAM where it says anything.</summary>
    internal CniDns? Dns { get; init; }

    internal static PtpConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PtpConfiguration configuration = new()
        {
            IpamType = call.Configuration.IpamType,
            Masquerade = root.GetBool("ipMasq"),
            MasqueradeBackend = MasqueradeBackendKey.Read(root),
            Mtu = root.GetInt("mtu") ?? 0,
            DetectDuplicates = root.GetBool("enabledad"),
            Dns = ConfiguredDns.Read(root),
        };
        if (configuration.IpamType.Length == 0)
        {
            root.Report("ipam", "no plugin name provided", "ptp needs addresses: add \"ipam\": {\"type\": \"host-local\", \"subnet\": \"10.1.0.0/16\"}.");
        }

        if (configuration.Mtu is < 0 or (> 0 and < 68) or > 65535)
        {
            root.Report("mtu", $"an MTU of {configuration.Mtu} is out of range (68 to 65535, or 0 for the default)");
        }

        return configuration;
    }
}
