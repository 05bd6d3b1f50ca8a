using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Threading;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Programs;

/// <summary>
/// Runs programs. What they write is collected, what they don't read does no harm, and neither a program that hangs nor one of its
/// children that holds a pipe open keeps the caller for longer than was agreed.
/// </summary>
public static class ProgramRunner
{
    private const int Slice = 20; // milliseconds between two looks at the clock and the cancellation
    private const int BusyAttempts = 6; // as libcni
    private const int SignalBase = 128;
    private const int LastSignal = 31;

    /// <summary>How long a program's children may hold its output open after it has ended, in milliseconds.</summary>
    private const int Grace = 500;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Runs a program and waits for its end.</summary>
    /// <param name="command">The program.</param>
    /// <param name="ns">The network namespace to run it in; where the caller is not there, by way of nsenter(1).</param>
    /// <param name="cancellation">Kills it, with all its children.</param>
    /// <returns>What became of it, however it ended.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the program is dead.</exception>
    public static ProgramOutcome Run(ProgramCommand command, NetworkNamespace ns, CancellationToken cancellation)
    {
        long deadline = command.Timeout is { } timeout ? Environment.TickCount64 + (long)timeout.TotalMilliseconds : long.MaxValue;
        int pause = 100;
        for (int attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            ProgramOutcome outcome = RunOnce(command, ns, deadline, cancellation);
            if (attempt == BusyAttempts || Environment.TickCount64 + pause > deadline || !IsBusy(outcome))
            {
                return outcome;
            }

            // Somebody is writing the program's file just now (ETXTBSY).
            cancellation.WaitHandle.WaitOne(pause);
            pause *= 2;
        }
    }

    private static ProgramOutcome RunOnce(ProgramCommand command, NetworkNamespace ns, long deadline, CancellationToken cancellation)
    {
        Process process;
        try
        {
            process = Process.Start(StartInfo(command, ns))!;
        }
        catch (Win32Exception e)
        {
            return new ProgramOutcome(command, ProgramEnd.NotStarted, e.NativeErrorCode, default, default);
        }

        using (process)
        {
            using ProgramPipes pipes = new(process, command.Input);
            bool inTime = Wait(process, pipes, deadline, command.Waiting, cancellation);
            if (!inTime)
            {
                Kill(process);
                pipes.Serve(0);
                cancellation.ThrowIfCancellationRequested();
                return pipes.IsFlooded
                    ? new ProgramOutcome(command, ProgramEnd.Flooded, 9, default, pipes.Error)
                    : new ProgramOutcome(command, ProgramEnd.TimedOut, 9, pipes.Output, pipes.Error);
            }

            // .NET tells a signal from an exit status no more than a shell does.
            int status = process.ExitCode;
            return status is > SignalBase and <= SignalBase + LastSignal
                ? new ProgramOutcome(command, ProgramEnd.Killed, status - SignalBase, pipes.Output, pipes.Error)
                : new ProgramOutcome(command, ProgramEnd.Exited, status, pipes.Output, pipes.Error);
        }
    }

    private static ProcessStartInfo StartInfo(ProgramCommand command, NetworkNamespace ns)
    {
        bool here = ns.IsCurrent;
        ProcessStartInfo start = new(here ? command.Path : "nsenter")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = s_utf8,
            StandardOutputEncoding = s_utf8,
            StandardErrorEncoding = s_utf8,
        };
        if (!here)
        {
            start.ArgumentList.Add("--net=" + ns.DescriptorPath);
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(command.Path);
        }

        foreach (string argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach ((string name, string value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Serves the program until it has ended and nobody writes to its output any more.</summary>
    /// <returns>False if it was cancelled, took too long or wrote without end, and may still run.</returns>
    private static bool Wait(Process process, ProgramPipes pipes, long deadline, Action? waiting, CancellationToken cancellation)
    {
        long patience = long.MaxValue;
        while (true)
        {
            bool exited = process.HasExited;
            long now = Environment.TickCount64;
            if (pipes.IsFlooded)
            {
                return false;
            }

            if (exited)
            {
                patience = Math.Min(patience, now + Grace);
                if (pipes.OutputEnded || now >= patience)
                {
                    return true;
                }
            }
            else if (now >= deadline || cancellation.IsCancellationRequested)
            {
                return false;
            }

            waiting?.Invoke();
            int slice = exited ? 5 : (int)Math.Clamp(deadline - now, 0, Slice);
            if (pipes.IsOpen)
            {
                pipes.Serve(slice);
            }
            else
            {
                process.WaitForExit(slice);
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended meanwhile, or a child of it did.
        }

        process.WaitForExit(1000);
    }

    private static bool IsBusy(ProgramOutcome outcome) => outcome switch
    {
        { End: ProgramEnd.NotStarted } => outcome.Status == Errno.ETXTBSY,
        { End: ProgramEnd.Exited, Status: 126, Output.IsEmpty: true } =>
            outcome.Error.Span.StartsWith("nsenter: failed to execute "u8) && outcome.Error.Span.IndexOf("Text file busy"u8) >= 0,
        _ => false,
    };
}
