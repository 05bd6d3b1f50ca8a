using System;
using System.Buffers;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Programs;

/// <summary>
/// The pipes to a running program, served by one thread with poll(2): whoever holds an inherited end open for longer than the program lives
/// blocks nobody here, as a reading thread would be.
/// </summary>
internal sealed unsafe class ProgramPipes : IDisposable
{
    private const short PollOut = 4;
    private const int AtomicWrite = 4096; // PIPE_BUF: so much goes into a pipe that poll calls writable, without blocking

    private const int MostOutput = 16 << 20, MostError = 16 << 20; // a result has some kilobytes

    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly Pipe _error;
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly ArrayBufferWriter<byte> _complained = new();
    private ReadOnlyMemory<byte> _pending;

    internal ProgramPipes(Process process, ReadOnlyMemory<byte> input)
    {
        _input = new Pipe(process.StandardInput.BaseStream);
        _output = new Pipe(process.StandardOutput.BaseStream);
        _error = new Pipe(process.StandardError.BaseStream);
        _pending = input;
        if (input.IsEmpty)
        {
            _input.Close();
        }
    }

    /// <summary>What the program wrote so far to its standard output.</summary>
    internal ReadOnlyMemory<byte> Output => _written.WrittenMemory;

    /// <summary>What it wrote so far to its standard error.</summary>
    internal ReadOnlyMemory<byte> Error => _complained.WrittenMemory;

    /// <summary>Whether it wrote more to its standard output than anything of CNI can have.</summary>
    internal bool IsFlooded => _written.WrittenCount > MostOutput;

    /// <summary>Whether nobody can write to either any more.</summary>
    internal bool OutputEnded => !_output.IsOpen && !_error.IsOpen;

    /// <summary>Whether there is anything left to serve.</summary>
    internal bool IsOpen => _input.IsOpen || !OutputEnded;

    /// <summary>Waits until something can be read or written, and does it.</summary>
    /// <param name="milliseconds">How long at most.</param>
    internal void Serve(int milliseconds)
    {
        pollfd* fds = stackalloc pollfd[3];
        fds[0] = new pollfd { fd = _input.Descriptor, events = PollOut };
        fds[1] = new pollfd { fd = _output.Descriptor, events = LibC.POLLIN };
        fds[2] = new pollfd { fd = _error.Descriptor, events = LibC.POLLIN };
        if (LibCAhead.poll(fds, 3, milliseconds) <= 0)
        {
            return;
        }

        if (fds[0].revents != 0)
        {
            Feed();
        }

        if (fds[1].revents != 0)
        {
            Drain(_output, _written, MostOutput + 1);
        }

        if (fds[2].revents != 0)
        {
            Drain(_error, _complained, MostError);
        }
    }

    private void Feed()
    {
        long n;
        fixed (byte* p = _pending.Span)
        {
            n = LibCAhead.write(_input.Descriptor, p, Math.Min(_pending.Length, AtomicWrite));
        }

        if (n >= 0)
        {
            _pending = _pending[(int)n..];
        }
        else if (Marshal.GetLastPInvokeError() is not (Errno.EINTR or Errno.EAGAIN))
        {
            _pending = default; // EPIPE: it doesn't read, as it may
        }

        if (_pending.IsEmpty)
        {
            _input.Close();
        }
    }

    // What is beyond the limit is read, so that the program goes on, and thrown away.
    private static void Drain(Pipe pipe, ArrayBufferWriter<byte> into, int most)
    {
        long n;
        fixed (byte* p = into.GetSpan(16 * 1024))
        {
            n = LibCAhead.read(pipe.Descriptor, p, 16 * 1024);
        }

        if (n > 0)
        {
            into.Advance(Math.Min((int)n, most - into.WrittenCount));
        }
        else if (n == 0 || Marshal.GetLastPInvokeError() is not (Errno.EINTR or Errno.EAGAIN))
        {
            pipe.Close();
        }
    }

    /// <summary>Closes our ends.</summary>
    public void Dispose()
    {
        _input.Close();
        _output.Close();
        _error.Close();
    }

    /// <summary>Our end of one pipe.</summary>
    private sealed class Pipe(Stream stream)
    {
        // poll passes over a negative descriptor.
        internal int Descriptor { get; private set; } = (int)Handle(stream).DangerousGetHandle();

        internal bool IsOpen => Descriptor >= 0;

        internal void Close()
        {
            Descriptor = -1;
            stream.Dispose();
        }

        private static SafeHandle Handle(Stream stream) => stream switch
        {
            PipeStream pipe => pipe.SafePipeHandle,
            FileStream file => file.SafeFileHandle,
            _ => throw new NotSupportedException($"A process's pipe is a {stream.GetType().Name}."),
        };
    }
}
