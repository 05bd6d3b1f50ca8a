using System.IO;
using System.Runtime.InteropServices;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Tool.Interop;

namespace CniPS.Tool.Demo;

/// <summary>The demo's folders: empty ones in memory over those of the machine, which this mount namespace alone sees.</summary>
internal static class Stage
{
    /// <summary>The network that everybody learns CNI from.</summary>
    internal const string Conf =
        """
        {"cniVersion":"0.2.0","name":"mybridge","type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}
        """;

    /// <summary>The same as a list of today's version.</summary>
    internal const string ConfList =
        """
        {"cniVersion":"1.1.0","name":"mybridge","plugins":[{"type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}]}
        """;

    internal const string CacheFolder = "/var/lib/cni", LeaseFolder = "/var/lib/cni/networks/mybridge",
        IntentFolder = "/var/lib/cni/cnips/intents";

    private const string Folder = "/run/demo";

    internal const string ConfPath = Folder + "/mybridge.conf", ConfListPath = Folder + "/mybridge.conflist";

    /// <summary>Sets it up.</summary>
    /// <exception cref="LinuxException">A folder can't be covered.</exception>
    internal static void Build()
    {
        // Whole folders of which every machine has one, since none may be made outside.
        Cover("/run");
        Cover("/var/lib");
        Directory.CreateDirectory(NamedNamespaces.Folder);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(ConfPath, Conf);
        File.WriteAllText(ConfListPath, ConfList);
    }

    private static void Cover(string folder)
    {
        if (LibC.mount("tmpfs"u8, folder, "tmpfs"u8, "mode=755"u8) != 0)
        {
            throw new LinuxException($"mount tmpfs {folder}", Marshal.GetLastPInvokeError());
        }
    }
}
