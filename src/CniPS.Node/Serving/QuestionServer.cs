using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node.Serving;

/// <summary>The socket at which plugins and the module ask: a line for a question, a line for its answer.</summary>
internal sealed class QuestionServer : IDisposable
{
    private const int LongestQuestion = 1 << 20;

    private readonly Socket _socket;
    private readonly string? _ownPath;

    private QuestionServer(Socket socket, string? ownPath)
    {
        _socket = socket;
        _ownPath = ownPath;
    }

    /// <summary>Opens it; the caller has the lock of the node, so that what is at the path is left over.</summary>
    /// <param name="path">Where.</param>
    /// <param name="descriptor">A socket that listens already, in its place.</param>
    /// <exception cref="CniException">The kernel refuses (<see cref="CniErrorIds.ClusterDaemonRuns"/>).</exception>
    internal static QuestionServer Open(string path, int? descriptor)
    {
        if (descriptor is { } given)
        {
            return new QuestionServer(new Socket(new SafeSocketHandle(given, ownsHandle: true)), null);
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // The folder keeps others out before the socket's own mode does.
            StateFolder.Make(Path.GetDirectoryName(Path.GetFullPath(path))!, 0x1c0); // 0700
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(512);
            return new QuestionServer(socket, path);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or LinuxException or ArgumentException)
        {
            socket.Dispose();
            throw new CniException(CniErrorIds.ClusterDaemonRuns, CniErrorCode.IOFailure, $"listen at {path}: {e.Message}", innerException: e)
            {
                Target = path,
                RecommendedAction = "Choose another socket (--socket, and \"daemonSocketPath\" in the networks).",
            };
        }
    }

    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="answer">Answers a question; what it throws is told to who asked.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task RunAsync(Func<ClusterQuestion, CancellationToken, Task<ClusterAnswer>> answer, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Socket client = await _socket.AcceptAsync(cancellation).ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(client, answer, cancellation), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.ConnectionAborted)
            {
                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false); // others will end
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_ownPath is not null)
        {
            File.Delete(_ownPath);
        }
    }

    private static async Task ServeAsync(Socket client, Func<ClusterQuestion, CancellationToken, Task<ClusterAnswer>> answer, CancellationToken cancellation)
    {
        using (client)
        {
            try
            {
                if (await ReceiveAsync(client, cancellation).ConfigureAwait(false) is { } line)
                {
                    ClusterAnswer given = await AnswerAsync(line, answer, cancellation).ConfigureAwait(false);
                    await SendAsync(client, (byte[])[.. given.ToLine().Span, (byte)'\n'], cancellation).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // who asked is gone, or cnipsd ends: a block that was claimed for it stays the node's
            }
        }
    }

    private static async Task<ClusterAnswer> AnswerAsync(
        ReadOnlyMemory<byte> line, Func<ClusterQuestion, CancellationToken, Task<ClusterAnswer>> answer, CancellationToken cancellation)
    {
        try
        {
            return await answer(ClusterQuestion.Parse(line), cancellation).ConfigureAwait(false);
        }
        catch (CniException e)
        {
            return new ClusterAnswer { Error = e };
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            return new ClusterAnswer { Error = KernelErrors.Wrap(e) };
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReceiveAsync(Socket client, CancellationToken cancellation)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (length < LongestQuestion)
        {
            int received = await client.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellation).ConfigureAwait(false);
            int end = buffer.AsSpan(length, received).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return buffer.AsMemory(0, length + end);
            }

            if (received == 0)
            {
                return null; // gone without a question
            }

            length += received;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }

        return null;
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, SocketFlags.None, cancellation).ConfigureAwait(false)..];
        }
    }
}
