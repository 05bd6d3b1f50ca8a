using System;
using System.IO;
using CniPS.Tests;

namespace CniPS.Node.Tests;

/// <summary>An authority of a test's own, made by openssl, with a certificate for etcd's member and one for a node.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-certs-").FullName;

    internal Certificates()
    {
        Sandbox.Run($"""
            cd {_folder} && openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj '/CN=test authority' 2>/dev/null
            for name in server node; do
                openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj /CN=$name 2>/dev/null
                printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' > ext
                openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $name.pem -days 2 -extfile ext 2>/dev/null
            done
            """);
    }

    /// <summary>Options of etcd.</summary>
    internal string[] ForServer =>
        ["--cert-file", Path.Combine(_folder, "server.pem"), "--key-file", Path.Combine(_folder, "server.key"), "--client-cert-auth", "--trusted-ca-file", Authority];

    /// <summary>Options of etcdctl.</summary>
    internal string[] ForClient => ["--cacert", Authority, "--cert", Node, "--key", NodeKey];

    internal string Authority => Path.Combine(_folder, "ca.pem");

    internal string Node => Path.Combine(_folder, "node.pem");

    internal string NodeKey => Path.Combine(_folder, "node.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
