using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace CniPS.Tool.Tests.Support;

/// <summary>What a program left behind.</summary>
public sealed record Outcome(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>Starts programs, with a limit of time.</summary>
internal static class Shell
{
    /// <summary>Only what hangs takes so long, whatever else the machine does.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public static Outcome Run(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string input = "",
        bool clearEnvironment = false,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (clearEnvironment)
        {
            start.Environment.Clear();
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading
        }

        if (!process.WaitForExit(limit ?? s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time\n{Ended(output)}\n{Ended(error)}");
        }

        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>The .NET host, by which this build was made or which the path has.</summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet") ?? "dotnet";

    /// <summary>Whether there is such a program on the path.</summary>
    public static bool Has(string program) => Find(program) is not null;

    private static string? Find(string program)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in (path + ":/usr/sbin:/sbin").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (File.Exists(Path.Combine(folder, program)))
            {
                return Path.Combine(folder, program);
            }
        }

        return null;
    }

    private static string Ended(Task<string> text) => text.Wait(1000, CancellationToken.None) ? text.Result : "";
}
