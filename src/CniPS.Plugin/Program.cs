using System;
using System.IO;
using CniPS.Plugin.Dhcp;
using CniPS.Plugin.Protocol;
using CniPS.Plugins.Catalog;

namespace CniPS.Plugin;

/// <summary>One file, many names: under a plugin's name it is that plugin, under any other it becomes its companion.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // argv[0], not the executable's path: that is the same behind every link.
        string name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        return name == "dhcp" && arguments is [DhcpDaemonProgram.Word, "-h" or "-help" or "--help"] ? Companion.Become(name, "--help")
            : name == "dhcp" && arguments is [DhcpDaemonProgram.Word, ..] ? DhcpDaemonProgram.Run(arguments.AsSpan(1))
            : NativePlugins.Find(name) is { } plugin ? PluginProgram.Run(plugin)
            : Companion.Become(arguments);
    }
}
