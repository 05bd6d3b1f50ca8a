using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Plugins.Ipam;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>etcd that wants certificates and passwords, for real.</summary>
public sealed class SecureStoreTests : IDisposable
{
    private const string Small = "\"subnet\":\"10.2.0.0/26\",\"blockSize\":29";

    private readonly Certificates _certificates = new();
    private readonly Etcd _etcd;
    private readonly List<TestNode> _nodes = [];

    public SecureStoreTests() => _etcd = Etcd.StartSecure(_certificates);

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _etcd.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public void OnlyWhoShowsACertificateIsServed()
    {
        TestNode node = Node("n1");
        node.Start("--cacert", _certificates.Authority, "--cert", _certificates.Node, "--key", _certificates.NodeKey);
        Assert.StartsWith("10.2.0.", node.Add("c0", Small));
        node.Kill();

        (int status, string output) = node.Run("--once", "--timeout", "5", "--cacert", _certificates.Authority);
        Assert.Equal(1, status);
        Assert.Contains($"etcd at {_etcd.Endpoint}: ", output);
        Assert.DoesNotContain("disposed", output);
        Assert.Contains("etcd may want a certificate of this node (--cert, --key)", output);

        // Whose authority nobody knows is not believed, whatever it answers.
        (status, output) = node.Run("--once", "--timeout", "5", "--cert", _certificates.Node, "--key", _certificates.NodeKey);
        Assert.Equal(1, status);
        Assert.Contains("certificate", output, StringComparison.OrdinalIgnoreCase);
        (status, output) = node.Run("--once", "--cacert", _certificates.NodeKey);
        Assert.Equal((2, true), (status, output.Contains("the certificates for etcd can't be read", StringComparison.Ordinal)));
    }

    [Fact]
    public void AUserHasItsPrefixAndNothingElse()
    {
        string[] setup =
        [
            "user add root:top", "user add node:secret", "role add cnips", "role grant-permission cnips readwrite /cnips/ --prefix=true", "user grant-role node cnips",
            "user grant-role root root", "auth enable",
        ];
        foreach (string command in setup)
        {
            (int made, string said) = _etcd.Ctl(command.Split(' '));
            Assert.True(made == 0, $"{command}: {said}");
        }

        _etcd.User = "root:top";
        string[] certificates = ["--cacert", _certificates.Authority, "--cert", _certificates.Node, "--key", _certificates.NodeKey];
        string file = Path.Combine(Directory.CreateDirectory(Node("n1").Folder).FullName, "cnipsd.json");
        File.WriteAllText(file, """{"user":"node","password":"secret"}""");
        TestNode node = _nodes[0];
        node.Start([.. certificates, "--config", file]);
        Assert.StartsWith("10.2.0.", node.Add("c0", Small));

        // etcd forgets who was let in: the password is shown again.
        _etcd.Kill();
        _etcd.Start();
        for (int i = 1; i < 9; i++)
        {
            Assert.StartsWith("10.2.0.", node.Add($"c{i}", Small));
        }

        Assert.Equal(2, ClusterDaemon.Blocks(node.Socket, TestContext.Current.CancellationToken).Count);
        node.Kill();
        (int status, string output) = node.Run([.. certificates, "--once", "--user", "node", "--password", "wrong"]);
        Assert.Equal(1, status);
        Assert.Contains("authentication failed, invalid user ID or password", output);
        (status, output) = node.Run([.. certificates, "--once", "--config", file, "--prefix", "/others"]);
        Assert.Equal(1, status);
        Assert.Contains("permission denied", output);
        Assert.DoesNotContain("secret", output);
    }

    private TestNode Node(string name)
    {
        TestNode node = new(name, _etcd.Endpoint, start: false);
        _nodes.Add(node);
        return node;
    }
}
