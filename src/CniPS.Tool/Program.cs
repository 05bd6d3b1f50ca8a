using System;
using System.IO;
using CniPS.Plugins.Catalog;
using CniPS.Tool.Cnitool;
using CniPS.Tool.Commands;
using CniPS.Tool.Plugin;

namespace CniPS.Tool;

/// <summary>One file, many names: under a plugin's name it is that plugin, under cnitool's it is that, under any other it has commands.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // argv[0], not the executable's path: that is the same behind every link.
        string name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        return name == "dhcp" && arguments is [DhcpCommand.Daemon, ..] ? CommandLine.Run([name, .. arguments])
            : NativePlugins.Find(name) is { } plugin ? PluginProgram.Run(plugin)
            : name == CnitoolProgram.Name ? CnitoolProgram.Run(arguments)
            : CommandLine.Run(arguments);
    }
}
