using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The executable as a plugin program, as far as that needs no kernel.</summary>
public sealed class PluginProtocolTests(NativeExecutable executable)
{
    [Theory]
    [InlineData("bridge")]
    [InlineData("host-local")]
    [InlineData("loopback")]
    public void SaysWhoItIsWithoutCommand(string type)
    {
        Outcome outcome = Shell.Run($"{executable.Folder}/{type}", [], clearEnvironment: true);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith($"CNI {type} plugin CniPS v", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nCNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnswersVersionWithoutReadingInput()
    {
        Outcome outcome = Shell.Run($"{executable.Folder}/bridge", [], new Dictionary<string, string> { ["CNI_COMMAND"] = "VERSION" }, clearEnvironment: true);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            """{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}""" + "\n", outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Fact]
    public void IsAPluginByCommandToo()
    {
        Outcome outcome = Shell.Run(executable.Path, ["plugin", "loopback"], new Dictionary<string, string> { ["CNI_COMMAND"] = "VERSION" }, clearEnvironment: true);

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("{\"cniVersion\":\"1.1.0\"", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(2, Shell.Run(executable.Path, ["plugin", "no-such"]).ExitCode);
    }

    [Fact]
    public void PrintsErrorsAsTheGoPluginsDo()
    {
        Outcome outcome = Shell.Run($"{executable.Folder}/bridge", [], new Dictionary<string, string> { ["CNI_COMMAND"] = "ADD" }, clearEnvironment: true);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            """
            {
                "code": 4,
                "msg": "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH] missing"
            }
            """,
            outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("{", 6)]
    [InlineData("[]", 6)]
    [InlineData("""{"cniVersion":"1.0.0"}""", 7)]
    [InlineData("""{"cniVersion":"1.0.0","name":"a b"}""", 7)]
    [InlineData("""{"cniVersion":"1.0","name":"a"}""", 1)]
    [InlineData("""{"cniVersion":7,"name":"a"}""", 6)]
    public void RefusesWhatIsNoConfiguration(string input, int code)
    {
        Outcome outcome = Shell.Run(
            $"{executable.Folder}/bridge",
            [],
            new Dictionary<string, string>
            {
                ["CNI_COMMAND"] = "ADD",
                ["CNI_CONTAINERID"] = "c",
                ["CNI_NETNS"] = "/nonexistent",
                ["CNI_IFNAME"] = "eth0",
                ["CNI_PATH"] = "/nonexistent",
            },
            input,
            clearEnvironment: true);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(code, JsonDocument.Parse(outcome.Output).RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public void RefusesItsOwnNamespaceBeforeItDoesAnything()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            """
            conf='{"cniVersion":"1.0.0","name":"n","type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"host-local","subnet":"10.1.0.0/24"}}'
            echo "$conf" | plugin $CNIPS bridge ADD c /proc/self/ns/net eth0 && exit 9
            ip -o link | wc -l
            ls /var/lib
            """);

        Assert.Contains("\"code\": 8", output, StringComparison.Ordinal);
        Assert.Contains("plugin's netns and netns from CNI_NETNS should not be the same", output, StringComparison.Ordinal);
        Assert.EndsWith("}1\n", output, StringComparison.Ordinal); // lo, and no file
    }

    [Fact]
    public void DeletesNothingInItsOwnNamespace()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            """
            conf='{"cniVersion":"1.0.0","name":"n","type":"bridge","bridge":"br0","ipam":{"type":"host-local","subnet":"10.1.0.0/24"}}'
            ip link add eth0 type veth peer name eth1
            echo "$conf" | plugin $CNIPS bridge DEL c /proc/self/ns/net eth0
            ip -o link show eth0
            """);

        Assert.Contains("eth0@eth1", output, StringComparison.Ordinal);
    }
}
