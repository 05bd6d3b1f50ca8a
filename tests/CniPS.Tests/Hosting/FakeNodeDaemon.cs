using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace CniPS.Tests.Hosting;

/// <summary>What answers where cnipsd would, for a cluster of two nodes: a real one needs etcd.</summary>
internal sealed class FakeNodeDaemon : IDisposable
{
    /// <summary>Where it listens.</summary>
    internal const string Path = "/run/sample-node.sock";

    private const string One =
        """
        {"node":"n1","alive":true,"self":true,"seen":"2030-01-02T03:04:05Z","blocks":[{"network":"flat","block":"10.1.0.0/26","since":"2030-01-01T00:00:00Z","state":"held"}]}
        """;

    private const string Two =
        """
        {"node":"n2","alive":false,"self":false,"seen":"2029-12-31T03:04:05Z","blocks":[{"network":"flat","block":"10.1.0.64/26","since":"2029-01-01T00:00:00Z","state":"held"}]}
        """;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal FakeNodeDaemon()
    {
        File.Delete(Path);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = ServeAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            using Socket client = await _listener.AcceptAsync().ConfigureAwait(false);
            byte[] question = new byte[4096];
            int length = await client.ReceiveAsync(question).ConfigureAwait(false);
            bool removes = Encoding.UTF8.GetString(question, 0, length).Contains("\"REMOVE\"", StringComparison.Ordinal);
            await client.SendAsync(Encoding.UTF8.GetBytes($"{{\"cnips\":1,\"nodes\":[{(removes ? Two : One + "," + Two)}]}}\n")).ConfigureAwait(false);
        }
    }
}
