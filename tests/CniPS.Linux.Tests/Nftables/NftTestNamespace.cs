using System;
using System.Diagnostics;
using CniPS.Linux.Interop;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>A network namespace for one test, with a socket into it.</summary>
internal sealed class NftTestNamespace : IDisposable
{
    private readonly string _name = "cnips-test-" + Guid.NewGuid().ToString("N")[..12];

    internal NftTestNamespace()
    {
        Assert.SkipUnless(LibC.geteuid() == 0, "needs root");
        Assert.SkipUnless(System.IO.File.Exists("/usr/sbin/nft"), "needs nft");
        Namespace = NamedNamespaces.Create(_name);
        Socket = new NftablesSocket(Namespace);
    }

    internal NetworkNamespace Namespace { get; }

    internal NftablesSocket Socket { get; }

    /// <summary>A machine that is in it.</summary>
    internal LinuxHost OpenHost() => new(NetworkNamespace.Open(NamedNamespaces.PathOf(_name)));

    internal INftablesView View => Socket.View;

    /// <summary>All that is there, as nft prints it.</summary>
    internal string Ruleset => Nft("list ruleset");

    /// <summary>What nft prints inside.</summary>
    internal string Nft(string arguments) => Shell($"ip netns exec {_name} nft {arguments}");

    /// <summary>Has nft do something inside.</summary>
    internal void Run(string commands) => Shell($"ip netns exec {_name} nft '{commands}'");

    /// <summary>Runs a command line, which must succeed.</summary>
    internal static string Shell(string line)
    {
        using Process sh = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        System.Threading.Tasks.Task<string> error = sh.StandardError.ReadToEndAsync();
        string output = sh.StandardOutput.ReadToEnd();
        sh.WaitForExit();
        Assert.True(sh.ExitCode == 0, $"{line}\n{error.Result}");
        return output;
    }

    public void Dispose()
    {
        Socket.Dispose();
        Namespace.Dispose();
        NamedNamespaces.Remove(_name);
    }
}
