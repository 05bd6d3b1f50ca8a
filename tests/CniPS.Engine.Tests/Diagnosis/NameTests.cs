using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using CniPS.Diagnosis;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>A name as the receiver: looked for with the sender's own files and servers, and what is wrong with those is named.</summary>
public sealed class NameTests : IDisposable
{
    private const byte NoError = 0, ServerFailure = 2, NoSuchName = 3, Refuses = 5;

    private readonly FaultNetwork _network = new();
    private readonly string _folder;

    public NameTests()
    {
        _folder = "/etc/netns/" + _network.Network.Container("blue");
        Directory.CreateDirectory(_folder);
        File.WriteAllText(_folder + "/resolv.conf", "search example\nnameserver 10.15.20.3\n");
        File.WriteAllText(_folder + "/hosts", "10.15.20.3 written # red\n");
    }

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_name_that_the_server_knows_is_followed_to_its_address()
    {
        using Server server = new(_network.Network.Container("red"), NoError, "db.example");
        foreach (string name in (string[])["db.example", "db", "db.example."])
        {
            PathReport report = Assert.Single(_network.Follow("blue", name));
            Assert.True(report.IsReachable, FaultNetwork.Show([report]));
            Assert.Equal("192.0.2.9", report.Destination!.ToString());
            Assert.Equal(("name", $"{name} is 192.0.2.9"), (report.Hops[0].Stage, report.Hops[0].Decision));
            Assert.Contains(report.Hops, hop => hop is { IsBack: true, Stage: "deliver" });
        }
    }

    [Fact]
    public void A_name_of_the_file_hosts_needs_no_server()
    {
        PathReport report = Assert.Single(ConnectionDiagnosis.Follow(
            _network.Network.Sandbox.Host, _network.Network.Runtime.Cache.List(), new PathQuestion("blue", "Written") { AsksNames = false }));
        Assert.True(report.IsReachable, FaultNetwork.Show([report]));
        Assert.Equal("10.15.20.3", report.Destination!.ToString());
        Assert.EndsWith("/hosts", report.Hops[0].Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NameUnknown", NoSuchName)]
    [InlineData("NameRefused", Refuses)]
    [InlineData("NameRefused", ServerFailure)]
    public void A_server_that_says_no_is_named(string id, byte code)
    {
        using Server server = new(_network.Network.Container("red"), code, "other.example");
        Cause cause = Assert.Single(Assert.Single(_network.Follow("blue", "db.example")).Causes);
        Assert.Equal(id, cause.Id);
        Assert.Contains("10.15.20.3", cause.Message, StringComparison.Ordinal);
        Assert.Contains("db.example", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_reached_is_followed_as_anybody_and_what_is_in_the_way_is_mended()
    {
        using Server server = new(_network.Network.Container("red"), NoError, "db.example");
        _network.Shell("ip -n @host link set @vred down");
        PathReport broken = Assert.Single(_network.Follow("blue", "db.example"));
        Cause cause = Assert.Single(broken.Causes);
        Assert.True(cause.Id == "InterfaceDown", FaultNetwork.Show([broken]));
        _network.Repair(cause);
        PathReport mended = Assert.Single(_network.Follow("blue", "db.example"));
        Assert.True(mended.IsReachable, FaultNetwork.Show([mended]));
    }

    [Fact]
    public void Where_no_server_runs_that_is_said()
    {
        Assert.Equal("NotListening", Assert.Single(Assert.Single(_network.Follow("blue", "db.example")).Causes).Id);

        // Somewhere that can't be looked into.
        File.WriteAllText(_folder + "/resolv.conf", "nameserver 192.0.2.77\n");
        Assert.False(Assert.Single(_network.Follow("blue", "db.example")).IsReachable);
    }

    [Fact]
    public void A_server_that_keeps_silent_is_named()
    {
        using Server server = new(_network.Network.Container("red"), null, "db.example");
        Assert.Equal("NameServerUnreachable", Assert.Single(Assert.Single(_network.Follow("blue", "db.example")).Causes).Id);
    }

    [Fact]
    public void A_file_without_servers_is_named()
    {
        File.WriteAllText(_folder + "/resolv.conf", "search example\n");
        Assert.Equal("NameServerMissing", Assert.Single(Assert.Single(_network.Follow("blue", "db.example")).Causes).Id);
    }

    [Fact]
    public void A_process_s_own_file_comes_first()
    {
        using Server server = new(_network.Network.Container("red"), NoError, "db.example");
        string file = Path.Combine(_network.Network.Sandbox.Folder, "own");
        File.WriteAllText(file, "192.0.2.9 mine.example\n");
        string blue = _network.Network.Container("blue");
        string process = Sandbox.Run($"ip netns exec {blue} unshare -m --propagation private sh -c 'mount --bind {file} /etc/hosts && exec sleep 60' >/dev/null 2>&1 & echo $!").Trim();
        try
        {
            for (int i = 0; i < 100 && File.ReadAllText($"/proc/{process}/comm") != "sleep\n"; i++)
            {
                Thread.Sleep(50);
            }

            PathReport report = Assert.Single(_network.Follow("blue", "mine.example"));
            Assert.Equal("192.0.2.9", report.Destination!.ToString());
            Assert.Contains($"process {process}", report.Hops[0].Evidence, StringComparison.Ordinal);
        }
        finally
        {
            Sandbox.Run($"kill {process}");
        }
    }

    [Fact]
    public void A_word_that_is_the_name_of_nothing_is_an_error()
    {
        using Server server = new(_network.Network.Container("red"), NoSuchName, "db.example");
        Assert.Equal(RuntimeErrorIds.EndNotFound, Assert.Throws<CniException>(() => _network.Follow("blue", "nobody")).ErrorId);
        Assert.Equal(RuntimeErrorIds.EndNotFound, Assert.Throws<CniException>(() => _network.Follow("blue", "no body")).ErrorId);
        Assert.Equal(RuntimeErrorIds.EndNotFound, Assert.Throws<CniException>(() => ConnectionDiagnosis.Follow(
            _network.Network.Sandbox.Host, _network.Network.Runtime.Cache.List(), new PathQuestion("blue", "db.example") { AsksNames = false })).ErrorId);
    }

    /// <summary>A name server of one name (RFC 1035), whose IPv4 address is that of the machine outside; or one that says no, or nothing at all.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Socket _socket;
        private readonly Thread _thread;
        private readonly byte? _code;
        private readonly string _name;

        internal Server(string container, byte? code, string name)
        {
            (_code, _name) = (code, name);
            using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(container));
            SafeFileHandle handle = ns.OpenSocket(2, 2, 17);
            _socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
            handle.SetHandleAsInvalid();
            _socket.Bind(new IPEndPoint(IPAddress.Any, 53));
            _thread = new Thread(Serve) { IsBackground = true };
            _thread.Start();
        }

        private void Serve()
        {
            byte[] buffer = new byte[512];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            while (true)
            {
                int length;
                try
                {
                    length = _socket.ReceiveFrom(buffer, ref from);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return; // the test is over
                }

                if (_code is { } code)
                {
                    _socket.SendTo(Answer(buffer.AsSpan(0, length), code), from);
                }
            }
        }

        private byte[] Answer(ReadOnlySpan<byte> question, byte code)
        {
            List<string> labels = [];
            int at = 12;
            for (; question[at] != 0; at += question[at] + 1)
            {
                labels.Add(System.Text.Encoding.ASCII.GetString(question.Slice(at + 1, question[at])));
            }

            bool isIt = string.Join('.', labels) == _name, isV4 = question[at + 2] == 1;
            byte answers = code == NoError && isIt && isV4 ? (byte)1 : (byte)0, said = code == NoError && !isIt ? NoSuchName : code;
            byte[] head = [question[0], question[1], 0x81, (byte)(0x80 | said), 0, 1, 0, answers, 0, 0, 0, 0];
            byte[] record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 9];
            return [.. head, .. question[12..(at + 5)], .. answers == 1 ? record : []];
        }

        public void Dispose()
        {
            _socket.Dispose();
            _thread.Join();
        }
    }
}
