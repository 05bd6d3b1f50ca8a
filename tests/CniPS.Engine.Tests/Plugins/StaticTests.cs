using System;
using System.Text;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>static: what it gives and refuses; the messages are those that the Go program was seen to print.</summary>
public sealed class StaticTests : IDisposable
{
    private const string Addresses = "\"addresses\": [{\"address\": \"10.1.2.3/24\", \"gateway\": \"10.1.2.1\"}, {\"address\": \"fd00::5/64\"}]";

    private readonly LinuxHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(Addresses, "", "", "10.1.2.3/24 10.1.2.1, fd00::5/64")]
    [InlineData(Addresses, "", "IP=10.9.9.9/24, fd01::1/64;GATEWAY=10.9.9.1,10.1.2.254", "10.1.2.3/24 10.1.2.1, fd00::5/64, 10.9.9.9/24 10.9.9.1, fd01::1/64")]
    [InlineData(Addresses, "\"args\": {\"cni\": {\"ips\": [\"10.7.0.1/16\"]}}", "IP=10.9.9.9/24", "10.7.0.1/16")]
    [InlineData(Addresses, "\"args\": {\"cni\": {\"ips\": [\"10.7.0.1/16\"]}}, \"runtimeConfig\": {\"ips\": [\"10.8.0.1/16\", \"fd08::1/64\"]}", "", "10.8.0.1/16, fd08::1/64")]
    [InlineData(Addresses, "\"runtimeConfig\": {\"ips\": []}", "MAC=02:00:00:00:00:01", "10.1.2.3/24 10.1.2.1, fd00::5/64")]
    [InlineData("\"addresses\": [{\"address\": \"::ffff:10.1.2.3/120\"}]", "", "", "10.1.2.3/24")]
    [InlineData("\"x\": 1", "", "", "")]
    [InlineData("\"addresses\": [{\"address\": \"10.1.2.3\"}]", "", "", "the 'address' field is expected to be in CIDR notation, got: '10.1.2.3'")]
    [InlineData("\"addresses\": [{}]", "", "", "the 'address' field is expected to be in CIDR notation, got: ''")]
    [InlineData(Addresses, "", "IP=10.9.9.9", "the 'ip' field is expected to be in CIDR notation, got: '10.9.9.9'")]
    [InlineData(Addresses, "", "GATEWAY=x", "invalid gateway address: x")]
    [InlineData(Addresses, "", "FOO=x", "ARGS: unknown args [\"FOO=x\"]")]
    [InlineData(Addresses, "\"args\": {\"cni\": {\"ips\": [\"10.7.0.1\"]}}", "", "an entry in the 'ips' field is NOT in CIDR notation, got: '10.7.0.1'")]
    public void Gives(string ipam, string top, string args, string expected) => Assert.Equal(expected, Add(ipam, top, args));

    [Fact]
    public void BelowVersion030OneAddressAFamily() => Assert.Equal(
        "CNI version 0.2.0 does not support more than 1 address per family",
        Add("\"addresses\": [{\"address\": \"10.1.2.3/24\"}, {\"address\": \"10.1.2.4/24\"}]", version: "0.2.0"));

    [Fact]
    public void RoutesAndDnsArePassedOn()
    {
        CniResult result = Run(
            CniVerb.Add,
            Addresses + ", \"routes\": [{\"dst\": \"0.0.0.0/0\", \"mtu\": 1400}, {\"dst\": \"1.0.0.0/8\", \"gw\": \"10.1.2.9\"}], \"dns\": {\"nameservers\": [\"1.1.1.1\"], \"search\": [\"a\"]}")!;
        Assert.Equal(1400, (int?)result.Routes[0].Mtu);
        Assert.Equal("10.1.2.9", result.Routes[1].Gateway?.ToString());
        Assert.Equal(["1.1.1.1"], result.Dns.Nameservers);
        Assert.Equal(["a"], result.Dns.Search);
    }

    // The Go program finds the first of these only.
    [Theory]
    [InlineData("{\"address\": \"10.1.2.3/24\", \"gateway\": \"10.1.2.9\"}, {\"address\": \"fd00::5/64\"}", "static: Failed to match addr 10.1.2.3 on interface eth0")]
    [InlineData("{\"address\": \"10.1.2.3/24\", \"gateway\": \"10.1.2.1\"}", "static: Failed to match addr fd00::5 on interface eth0")]
    [InlineData("{\"address\": \"10.1.2.3/24\", \"gateway\": \"10.1.2.1\"}, {\"address\": \"fd00::5/64\"}", null)]
    [InlineData(null, "Required prevResult missing")]
    public void Check(string? ips, string? message)
    {
        string top = ips is null ? "" : $"\"prevResult\": {{\"cniVersion\": \"1.0.0\", \"ips\": [{ips}]}}";
        Exception? error = Record.Exception(() => Run(CniVerb.Check, Addresses, top));
        Assert.Equal(message, error?.Message);
    }

    [Fact]
    public void DelNeedsNoConfigurationThatIsRight() => Run(CniVerb.Delete, "\"addresses\": [{\"address\": \"x\"}]");

    [Fact]
    public void StatusLooksAtTheConfiguration()
    {
        Run(CniVerb.Status, Addresses, version: "1.1.0");
        Assert.ThrowsAny<CniException>(() => Run(CniVerb.Status, "\"addresses\": [{\"address\": \"x\"}]", version: "1.1.0"));
    }

    private string Add(string ipam, string top = "", string args = "", string version = "1.0.0")
    {
        try
        {
            return string.Join(", ", System.Linq.Enumerable.Select(Run(CniVerb.Add, ipam, top, args, version)!.Ips, ip => $"{ip.Address} {ip.Gateway}".Trim()));
        }
        catch (CniException e)
        {
            return e.Message;
        }
    }

    private CniResult? Run(CniVerb verb, string ipam, string top = "", string args = "", string version = "1.0.0")
    {
        PluginInvoker invoker = new(_host, RuntimeOptions.Default with { PluginSource = PluginSource.Native });
        using PluginContext context = new() { Host = _host, Transaction = new Transaction(_host), Plugins = invoker };
        CniResult? result = invoker.Invoke(
            "static",
            new PluginRequest
            {
                Verb = verb, ContainerId = "c1", InterfaceName = "eth0", NetNS = "/none", Args = CniArgs.Parse(args),
                Config = Encoding.UTF8.GetBytes(
                    $$"""{"cniVersion":"{{version}}","name":"net","type":"x",{{(top.Length > 0 ? top + "," : "")}}"ipam":{"type":"static",{{ipam}} } }"""),
            },
            context);
        return context.Differences.Count == 0 ? result : throw new CniException("Differs", CniErrorCode.Internal, context.Differences[0].Message);
    }
}
