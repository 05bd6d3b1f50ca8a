using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>vrf's configuration, complete and checked.</summary>
/// <param name="Name">The VRF's name.</param>
/// <param name="Table">Its routing table; 0 for one that is free.</param>
internal sealed record VrfConfiguration(string Name, uint Table)
{
    internal static VrfConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        string name = root.GetString("vrfname") ?? "";
        if (!CniNames.IsValidInterfaceName(name))
        {
            root.Report("vrfname", "configuration is expected to have a valid vrf name", "Use at most 15 bytes without '/', ':' and space.");
        }

        return new VrfConfiguration(name, Main.LinkConfiguration.ReadUnsigned(root, "table") ?? 0);
    }
}
