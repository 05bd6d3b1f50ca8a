using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Tells a recorder what one operation does. Operations that share it may run on several threads, each on its own.</summary>
internal sealed class TracingObserver(CallRecorder recorder, IOperationObserver? next) : IOutcomeObserver, IProgramObserver, IWaitingObserver
{
    /// <summary>So much of what a program writes is kept.</summary>
    private const int Longest = 64 * 1024;

    // Which calls this thread is within; the last entry ended is kept behind them for what the runtime does afterwards.
    [ThreadStatic]
    private static Stack<TracedCall>? s_open;

    [ThreadStatic]
    private static TracedCall? s_last;

    [ThreadStatic]
    private static TracingObserver? s_owner;

    public void Calling(string type, PluginRequest request, string? program)
    {
        Enter();
        s_open!.Push(recorder.Add(number => new TracedCall(number, type, request, program, s_open.Count)));
        next?.Calling(type, request, program);
    }

    public void Ran(string type, PluginRequest request, ProgramOutcome outcome)
    {
        if (s_owner == this && s_open!.TryPeek(out TracedCall? call))
        {
            call.Ran(outcome with { Output = Shorten(outcome.Output), Error = Shorten(outcome.Error) });
        }

        (next as IOutcomeObserver)?.Ran(type, request, outcome);
    }

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
        if (s_owner == this && s_open!.TryPop(out TracedCall? call))
        {
            call.End(result, error, duration);
            s_last = call;
        }

        next?.Called(type, request, result, error, duration);
    }

    public void Changed(Change change)
    {
        if (s_owner == this)
        {
            (s_open!.TryPeek(out TracedCall? call) ? call : OfRuntime())?.Add(change);
        }

        next?.Changed(change);
    }

    public void StandardError(string type, PluginRequest request, ReadOnlyMemory<byte> text)
    {
        if (next is not null)
        {
            ProgramStderr.Tell(next, type, request, text);
        }
    }

    public void Waiting(string type, PluginRequest request, TimeSpan elapsed) => (next as IWaitingObserver)?.Waiting(type, request, elapsed);

    public void Warn(string message) => next?.Warn(message);

    // An operation that threw between a Calling and its Called leaves nothing behind for the next one on its thread.
    private void Enter()
    {
        s_open ??= new Stack<TracedCall>();
        if (s_owner != this)
        {
            s_open.Clear();
            s_last = null;
            s_owner = this;
        }
    }

    private TracedCall? OfRuntime()
    {
        if (s_last is { Type: not TracedCall.RuntimeType } call)
        {
            s_last = recorder.Add(call.ForRuntime);
        }

        return s_last;
    }

    private static ReadOnlyMemory<byte> Shorten(ReadOnlyMemory<byte> text) => text.Length <= Longest ? text : text[..Longest].ToArray();
}
