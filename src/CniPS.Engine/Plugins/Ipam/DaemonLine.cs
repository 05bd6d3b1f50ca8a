using System;
using System.Text.Json;
using System.Threading;
using CniPS.Linux.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>One question to a daemon of ours, and its answer, each a line of JSON through a Unix socket (docs/dhcp.md, docs/cluster.md).</summary>
internal static class DaemonLine
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks, and waits for the answer as long as the daemon takes. Who stops waiting takes the question back.</summary>
    /// <param name="path">The daemon's socket.</param>
    /// <param name="line">The question, without its end.</param>
    /// <param name="waiting">Told again and again while there is no answer; null: nobody wants to know.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>One line, or all that came before the daemon closed the connection.</returns>
    /// <exception cref="Linux.LinuxException">Nobody listens there, or the connection broke.</exception>
    internal static ReadOnlyMemory<byte> Exchange(string path, ReadOnlyMemory<byte> line, Action? waiting, CancellationToken cancellation)
    {
        using UnixSocket socket = UnixSocket.Connect(path);
        Send(socket, [.. line.Span, (byte)'\n']);
        return Receive(socket, waiting, cancellation);
    }

    /// <summary>Writes an error's keys into an answer.</summary>
    internal static void WriteError(Utf8JsonWriter writer, CniException error)
    {
        writer.WriteString("id", error.ErrorId);
        writer.WriteNumber("code", (int)error.Code);
        writer.WriteString("msg", error.Msg);
        writer.WriteString("action", error.RecommendedAction);
    }

    /// <summary>Throws the error that an answer tells of, if it does.</summary>
    /// <exception cref="CniException">What the daemon says.</exception>
    internal static void ThrowError(JsonElement answer)
    {
        if (answer.TryGetProperty("msg", out JsonElement message))
        {
            throw new CniException(answer.GetProperty("id").GetString()!, (CniErrorCode)answer.GetProperty("code").GetInt32(), message.GetString()!)
            {
                RecommendedAction = answer.GetProperty("action").GetString(),
            };
        }
    }

    /// <summary>A question's text, or nothing where it is missing.</summary>
    internal static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Whether a question is one of this version of the protocol.</summary>
    internal static bool IsOfVersion(JsonElement json, int protocol) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("cnips", out JsonElement version)
        && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number == protocol;

    private static void Send(UnixSocket socket, ReadOnlySpan<byte> text)
    {
        PollSet set = new();
        while (!text.IsEmpty)
        {
            int sent = socket.Send(text);
            text = text[sent..];
            if (sent == 0)
            {
                set.Clear();
                set.Add(socket.Handle, PollFor.Room);
                set.Wait(s_patience);
            }
        }
    }

    private static ReadOnlyMemory<byte> Receive(UnixSocket socket, Action? waiting, CancellationToken cancellation)
    {
        PollSet set = new();
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            set.Clear();
            set.Add(socket.Handle);
            set.Wait(s_patience);
            waiting?.Invoke();
            cancellation.ThrowIfCancellationRequested();
            int received = socket.Receive(buffer.AsSpan(length));
            int end = received > 0 ? buffer.AsSpan(length, received).IndexOf((byte)'\n') : -1;
            if (end >= 0 || received == 0)
            {
                return buffer.AsMemory(0, end >= 0 ? length + end : length);
            }

            length += Math.Max(received, 0);
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }
    }
}
