using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Dhcp;

/// <summary>dhcp without a server: its configuration, the daemon's socket, and what else may be found there.</summary>
public sealed class DhcpProtocolTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string _socket;

    public DhcpProtocolTests() => _socket = Path.Combine(_sandbox.Folder, "run/dhcp.sock");

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("", "", "3,1")]
    [InlineData("\"request\": [{\"option\": \"121\"}, {\"option\": \"routers\"}]", "", "121,3,1")]
    [InlineData("\"request\": [{\"option\": \"121\"}, {\"skipDefault\": true}]", "", "121")]
    [InlineData("\"request\": [{\"skipDefault\": true}]", "", "")]
    [InlineData("\"provide\": [{\"option\": \"host-name\", \"value\": \"a\"}, {\"option\": \"60\", \"fromArg\": \"X\"}]", "", "3,1 12=a")]
    [InlineData("\"provide\": [{\"option\": \"host-name\", \"value\": \"a\", \"fromArg\": \"X\"}, {\"option\": \"60\", \"fromArg\": \"X\"}]", "X=b", "3,1 12=b 60=b")]
    [InlineData("\"provide\": [{\"option\": \"routerz\", \"value\": \"a\"}]", "", "Can not parse option \"routerz\"")]
    [InlineData("\"request\": [{\"option\": \"256\"}]", "", "Can not parse option \"256\"")]
    [InlineData("\"provide\": [{\"option\": \"53\", \"value\": \"a\"}]", "", "option 53 belongs to the protocol")]
    [InlineData("\"priority\": -1", "", "invalid priority -1")]
    public void OptionsAreReadByNameOrNumber(string ipam, string args, string expected)
    {
        string actual;
        try
        {
            DhcpConfiguration configuration = DhcpConfiguration.Parse(PluginConfiguration.ParseRequest(Config(ipam)), CniArgs.Parse(args));
            actual = string.Join(',', configuration.Requested) + string.Concat(configuration.Provided.Select(option => $" {option.Key}={Encoding.UTF8.GetString(option.Value)}"));
        }
        catch (CniException e)
        {
            Assert.Equal(CniErrorIds.InvalidNetworkConfig, e.ErrorId);
            actual = e.Msg;
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void AValueMustFitIntoAnOption()
    {
        string value = new('x', 256);
        CniException error = Assert.Throws<CniException>(() => DhcpConfiguration.Parse(
            PluginConfiguration.ParseRequest(Config($"\"provide\": [{{\"option\": \"60\", \"value\": \"{value}\"}}]")), CniArgs.Empty));
        Assert.Equal($"value too long for option \"60\": \"{value}\"", error.Msg);
    }

    [Fact]
    public void WithoutADaemonEveryVerbSaysSo()
    {
        foreach (CniVerb verb in (CniVerb[])[CniVerb.Add, CniVerb.Check, CniVerb.Delete, CniVerb.Status, CniVerb.GarbageCollect])
        {
            CniException error = Assert.ThrowsAny<CniException>(() => Invoke(verb, _sandbox.Host));
            Assert.Equal(CniErrorIds.DhcpDaemonUnavailable, error.ErrorId);
            Assert.Equal($"error dialing DHCP daemon: connect to {_socket}: no such file or directory", error.Msg);
        }
    }

    [Fact]
    public async Task AGoDaemonIsToldFromOurs()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_socket)!);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_socket));
        listener.Listen();
        Task<string> server = Task.Run(() =>
        {
            // What net/http answers to a line that is no request's.
            using Socket client = listener.Accept();
            byte[] buffer = new byte[4096];
            string line = Encoding.UTF8.GetString(buffer, 0, client.Receive(buffer));
            client.Send("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"u8);
            return line;
        });
        CniException error = Assert.ThrowsAny<CniException>(() => Invoke(CniVerb.Status, _sandbox.Host));
        Assert.Equal(CniErrorIds.DhcpDaemonUnavailable, error.ErrorId);
        Assert.Equal($"the daemon at {_socket} is the Go plugin's, whose protocol is Go's own", error.Msg);
        Assert.StartsWith("{\"cnips\":1,\"command\":\"STATUS\"", await server, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT /_goRPC_ HTTP/1.0\n\n", "HTTP/1.0 501 this is the dhcp daemon of CniPS, and serves its dhcp plugin only\r\n\r\n")]
    [InlineData("{\"cnips\":1,\"command\":\"LIST\"}\n", "{\"cnips\":1}\n")]
    [InlineData("{\"cnips\":1,\"command\":\"STATUS\"}\n", "{\"cnips\":1}\n")]
    [InlineData("{\"cnips\":2,\"command\":\"LIST\"}\n", "the daemon speaks version 1 of its protocol only")]
    [InlineData("{\"cnips\":1,\"command\":\"FLY\"}\n", "the daemon doesn't understand")]
    [InlineData("{\"cnips\":1,\"command\":\"ADD\"}\n", "the daemon doesn't understand")]
    [InlineData("{oops\n", "error parsing the question")]
    [InlineData("[1", "")]
    public void TheDaemonAnswersWhateverItIsAsked(string question, string expected)
    {
        using DhcpService service = new(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket });
        string answer = Ask(question);
        if (expected.EndsWith('\n') || expected.Length == 0)
        {
            Assert.Equal(expected, answer);
        }
        else
        {
            Assert.Contains($"\"msg\":\"{expected}", answer, StringComparison.Ordinal);
        }

        Assert.Empty(DhcpDaemon.Leases(_socket, TestContext.Current.CancellationToken)); // it goes on
    }

    [Fact]
    public void AnInterfaceThatIsNotThereIsSaidAtOnce()
    {
        using DhcpService service = new(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket });
        CniException error = Assert.ThrowsAny<CniException>(() => Invoke(CniVerb.Add, _sandbox.Host));
        Assert.StartsWith("error looking up \"eth0\": ", error.Msg, StringComparison.Ordinal);
        Assert.Equal(CniErrorIds.LinkNotReady, error.ErrorId);
        Assert.NotNull(error.RecommendedAction);
    }

    [Fact]
    public void TheSocketIsTheDaemonsAloneAndAStaleOneIsReplaced()
    {
        using (DhcpService first = new(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket }))
        {
            CniException error = Assert.Throws<CniException>(() => new DhcpService(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket }));
            Assert.Equal(CniErrorIds.DhcpSocketTaken, error.ErrorId);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_socket)!));
        }

        Assert.False(File.Exists(_socket));
        using (Socket killed = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(_socket));
            killed.Listen();
            File.Move(_socket, _socket + ".kept"); // .NET would remove it
        }

        File.Move(_socket + ".kept", _socket);
        using DhcpService again = new(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket });
        Assert.Empty(DhcpDaemon.Leases(_socket, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void APlanNamesTheQuestionAndEnds()
    {
        string list = $$"""
            {"cniVersion": "1.1.0", "name": "lan", "plugins": [{"type": "bridge", "bridge": "br0", "ipam": {"type": "dhcp", "daemonSocketPath": "{{_socket}}"} } ] }
            """;
        PlannedHost plan = new(_sandbox.Host);
        CniRuntime runtime = new(plan, RuntimeOptions.Default with { CacheFolder = _sandbox.CacheFolder, PluginSource = PluginSource.Native });
        string container = _sandbox.AddNamespace("c");
        runtime.Add(
            NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(list)),
            new Attachment { ContainerId = "web1", NetNS = Linux.Namespaces.NamedNamespaces.PathOf(container), InterfaceName = "eth0" });
        string last = plan.Steps[^1].Text;
        Assert.StartsWith("printf '%s\\n' '{\"cnips\":1,\"command\":\"ADD\",\"containerId\":\"web1\"", last, StringComparison.Ordinal);
        Assert.EndsWith($"| socat -t 300 - UNIX-CONNECT:{_socket}", last, StringComparison.Ordinal);
    }

    private ReadOnlyMemory<byte> Config(string ipam = "") => Encoding.UTF8.GetBytes(
        $$"""{"cniVersion": "1.1.0", "name": "lan", "type": "bridge", "ipam": {"type": "dhcp", "daemonSocketPath": "{{_socket}}"{{(ipam.Length > 0 ? ", " : "")}}{{ipam}}}, "cni.dev/valid-attachments": []}""");

    private void Invoke(CniVerb verb, IHost host)
    {
        PluginRequest request = new() { Verb = verb, ContainerId = "web1", NetNS = "/proc/self/ns/net", InterfaceName = "eth0", Config = Config() };
        using PluginContext context = new() { Host = host, Transaction = new Transaction(host), Plugins = null! };
        new PluginInvoker(host, RuntimeOptions.Default with { PluginSource = PluginSource.Native, AllowHostNamespace = true }).Invoke(
            "dhcp", request with { NetNS = Linux.Namespaces.NamedNamespaces.PathOf(_sandbox.HostName) }, context);
    }

    private string Ask(string question)
    {
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(_socket));
        client.Send(Encoding.UTF8.GetBytes(question));
        client.Shutdown(SocketShutdown.Send);
        List<byte> answer = [];
        byte[] buffer = new byte[4096];
        for (int n; (n = client.Receive(buffer)) > 0;)
        {
            answer.AddRange(buffer.AsSpan(0, n));
        }

        return Encoding.UTF8.GetString([.. answer]);
    }
}
