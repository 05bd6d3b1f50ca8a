using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace CniPS.Plugin.Interop;

/// <summary>Ctrl+C and its like as a cancellation: what is half done is undone first. The second one ends the program at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private PosixSignalRegistration[] _registrations = [];

    /// <summary>Is cancelled by the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>What a shell expects of a program that such a signal has ended.</summary>
    internal int ExitCode { get; private set; } = 130;

    /// <summary>Begins to listen, which starts a thread; until then a signal ends the program.</summary>
    internal void Listen()
    {
        if (_registrations.Length == 0)
        {
            _registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
                PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
            ];
        }
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        ExitCode = context.Signal switch
        {
            PosixSignal.SIGTERM => 143,
            PosixSignal.SIGHUP => 129,
            _ => 130,
        };
        _source.Cancel();
    }
}
