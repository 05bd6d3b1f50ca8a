using System;
using System.Runtime.InteropServices;
using CniPS.Linux;
using CniPS.Linux.Sockets;

namespace CniPS.Plugins.Ipam;

/// <summary>One client of the service, from its question to its answer.</summary>
internal sealed class DhcpConnection(UnixSocket socket) : IDisposable
{
    private const int LongestQuestion = 1 << 20;

    // Go's client takes this for its error message.
    private static ReadOnlySpan<byte> Refusal => "HTTP/1.0 501 this is the dhcp daemon of CniPS, and serves its dhcp plugin only\r\n\r\n"u8;

    private byte[] _buffer = new byte[4096];
    private int _length;
    private ReadOnlyMemory<byte> _answer;

    internal SafeHandle Handle => socket.Handle;

    /// <summary>What its socket is waited for: the question, that the client goes away while a lease is got, or room for the answer.</summary>
    internal PollFor WaitsFor => !_answer.IsEmpty ? PollFor.Room : Question is not null ? PollFor.End : PollFor.Data;

    /// <summary>What it asked, if the answer comes later.</summary>
    internal DhcpQuestion? Question { get; set; }

    /// <summary>Whether it has been answered, or the client is gone.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>Reads what has come in.</summary>
    /// <returns>The question, once it is whole.</returns>
    internal ReadOnlyMemory<byte>? Receive()
    {
        try
        {
            int received = socket.Receive(_buffer.AsSpan(_length));
            if (received <= 0)
            {
                IsDone = received == 0; // gone, with or without a question
                return null;
            }

            int end = _buffer.AsSpan(_length, received).IndexOf((byte)'\n');
            _length += received;
            if (end >= 0)
            {
                return Check(_buffer.AsMemory(0, _length - received + end));
            }
        }
        catch (LinuxException)
        {
            IsDone = true; // the client has broken off
        }

        if (_length == _buffer.Length)
        {
            IsDone |= _length >= LongestQuestion;
            Array.Resize(ref _buffer, _length * 2);
        }

        return null;
    }

    /// <summary>Sends the answer.</summary>
    internal void Answer(DhcpAnswer answer) => Answer((byte[])[.. answer.ToLine().Span, (byte)'\n']);

    /// <summary>What its socket was waited for has come: there is room for more of the answer, or the client is gone.</summary>
    internal void GoOn()
    {
        try
        {
            int sent = _answer.IsEmpty ? 0 : socket.Send(_answer.Span);
            _answer = _answer[sent..];
            IsDone = _answer.IsEmpty;
        }
        catch (LinuxException)
        {
            IsDone = true; // nobody listens any more
        }
    }

    public void Dispose() => socket.Dispose();

    private ReadOnlyMemory<byte>? Check(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("{"u8))
        {
            return line;
        }

        Answer(Refusal.ToArray());
        return null;
    }

    private void Answer(ReadOnlyMemory<byte> answer)
    {
        _answer = answer;
        GoOn();
    }
}
