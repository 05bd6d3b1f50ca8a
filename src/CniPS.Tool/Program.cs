using System;
using System.IO;
using CniPS.Tool.Cnitool;
using CniPS.Tool.Commands;

namespace CniPS.Tool;

/// <summary>What <c>cnips</c> becomes under a name that is no plugin's: under cnitool's it is that, under any other it has commands.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => Path.GetFileName(Environment.GetCommandLineArgs()[0]) == CnitoolProgram.Name
        ? CnitoolProgram.Run(arguments)
        : CommandLine.Run(arguments);
}
