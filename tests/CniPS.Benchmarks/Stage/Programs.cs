using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace CniPS.Benchmarks.Stage;

/// <summary>Other programs.</summary>
internal static class Programs
{
    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Has(string name) =>
        Array.Exists((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="ProgramFailedException">It failed.</exception>
    public static string Run(string program, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> variables)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Start(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new ProgramFailedException(
            $"{program} {string.Join(' ', start.ArgumentList)}: exit status {process.ExitCode}\n{output}{errors.Result}".TrimEnd());
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="ProgramFailedException">It could not be started.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ProgramFailedException($"{start.FileName}: {e.Message}");
        }
    }
}
