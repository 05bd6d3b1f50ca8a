using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>
/// Lists with plugins of others, in shell and Python, that do what plugins in the wild do: what the caller gets. {P} is the program's path.
/// </summary>
public sealed class ForeignPluginTests : IDisposable
{
    private const string Sh = "#!/bin/sh\n", Python = "#!/usr/bin/env python3\nimport sys, os, json, signal, time\n";
    private const string Ok = """{"cniVersion":"1.0.0","ips":[{"address":"10.0.0.5/24"}]}""";

    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>What ADD fails with: the error's id, code, message, and whether the error holds what the program wrote.</summary>
    public static TheoryData<string, string, string, int, string> Failing => new()
    {
        { "garbage", Sh + "echo 'Segmentation fault (core dumped)'", RuntimeErrorIds.PluginProtocolError, 6, "failed to unmarshal raw result: " },
        { "garbage, failing", Sh + "echo oops; exit 4", RuntimeErrorIds.PluginProtocolError, 0, "netplugin failed but error parsing its diagnostic message \"oops\\n\": " },
        { "a result and more behind it", Sh + $"echo '{Ok}'; echo done", RuntimeErrorIds.PluginProtocolError, 6, "failed to unmarshal raw result: " },
        { "a result that is a list", Python + "print('[1]')", CniErrorIds.InvalidResult, 6, "failed to unmarshal raw result: it must be an object" },
        { "nothing", Sh + "exit 0", RuntimeErrorIds.PluginProtocolError, 6, "failed to unmarshal raw result: unexpected end of JSON input" },
        { "an address that is none", Python + """print(json.dumps({"cniVersion": "1.0.0", "ips": [{"address": "10.0.0.300/24"}]}))""", CniErrorIds.InvalidResult, 6, "invalid CIDR address: 10.0.0.300/24" },
        { "a version that nobody knows", Sh + """echo '{"cniVersion":"9.0.0"}'""", CniErrorIds.InvalidResult, 1, "unsupported CNI result version \"9.0.0\"" },
        { "no result that the network's version can say", Sh + """echo '{"cniVersion":"1.0.0","interfaces":[]}'""", CniErrorIds.InvalidResult, 1, "cannot convert: no valid IP addresses" },
        { "an error", Python + """print(json.dumps({"cniVersion": "1.0.0", "code": 7, "msg": "bad subnet", "details": "10.0.0.0/33"})); sys.exit(1)""", RuntimeErrorIds.PluginFailed, 7, "bad subnet; 10.0.0.0/33" },
        { "an error of its own number, and noise beside it", Sh + """echo 'usage: ...' >&2; echo '{"code":123,"msg":"no quota"}'; exit 9""", RuntimeErrorIds.PluginFailed, 123, "no quota" },
        { "only standard error", Python + "sys.exit('Traceback: no module named cni')", RuntimeErrorIds.PluginFailed, 0, "netplugin failed: \"Traceback: no module named cni\\n\": exit status 1" },
        { "nothing, failing", Sh + "exit 3", RuntimeErrorIds.PluginProtocolError, 0, "netplugin failed with no error message: exit status 3" },
        { "dying of a signal", Python + "os.kill(os.getpid(), signal.SIGSEGV)", RuntimeErrorIds.PluginFailed, 0, "netplugin failed with no error message: signal: segmentation fault" },
        { "killed", Sh + "kill -9 $$", RuntimeErrorIds.PluginFailed, 0, "netplugin failed with no error message: signal: killed" },
        { "hanging", Sh + "sleep 60", RuntimeErrorIds.PluginTimeout, 0, "{P} did not end within 1.5 s and was killed" },
        { "hanging, deaf to SIGTERM, with a daemon", Python + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(20)\n  os._exit(0)\ntime.sleep(60)", RuntimeErrorIds.PluginTimeout, 0, "{P} did not end within 1.5 s and was killed" },
        { "no program", "nothing that can be run\n", RuntimeErrorIds.PluginFailed, 0, "netplugin failed with no error message: fork/exec {P}: exec format error" },
        { "an interpreter that is missing", "#!/no/such/interpreter\n", RuntimeErrorIds.PluginFailed, 0, "netplugin failed with no error message: fork/exec {P}: no such file or directory" },
        { "megabytes of garbage", Sh + "head -c 4000000 /dev/zero | tr '\\0' x", RuntimeErrorIds.PluginProtocolError, 6, "failed to unmarshal raw result: " },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public void What_fails_says_who_what_and_why(string what, string script, string id, int code, string message)
    {
        _bench.AddingPlugin("first");
        string program = Script("wild", script);
        string version = what.Contains("version can say") ? "0.2.0" : "1.0.0";
        NetworkConfigurationList list = PluginBench.Parse(
            $$"""{"name":"net1","cniVersion":"{{version}}","plugins":[{"type":"{{(version == "0.2.0" ? "wild" : "first")}}"},{"type":"wild"}]}""");
        TimeSpan timeout = id == RuntimeErrorIds.PluginTimeout ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromMinutes(1); // Python alone may take seconds on a busy machine
        Stopwatch watch = Stopwatch.StartNew();

        PluginCallException e = Assert.Throws<PluginCallException>(() =>
            _bench.Runtime(o => o with { Timeout = timeout }).Add(list, PluginBench.Attachment()));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal(id, e.ErrorId);
        Assert.Equal(code, (int)e.Code);
        Assert.StartsWith($"plugin type=\"wild\" failed (add): {message.Replace("{P}", program, StringComparison.Ordinal)}", e.Message, StringComparison.Ordinal);
        Assert.Equal(("wild", "ADD"), (e.PluginType, e.Verb));
        Assert.True(e.RolledBack);
        ProgramException inner = Assert.IsType<ProgramException>(e.InnerException);
        Assert.Equal(program, inner.Program);
        Assert.Empty(_bench.CacheFiles());
    }

    [Theory]
    [InlineData("megabytes on standard error", Sh + "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo '" + Ok + "'")]
    [InlineData("never reading its input", Python + "print('" + Ok + "')")]
    [InlineData("closing its input at once", Sh + "exec <&-; echo '" + Ok + "'")]
    [InlineData("leaving a daemon behind that holds its pipes", Python + "print('" + Ok + "', flush=True)\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(20)\n  os._exit(0)")]
    [InlineData("white space around its result", Sh + "printf '\\n\\n  %s \\n\\n' '" + Ok + "'")]
    [InlineData("a result of another version", Sh + """echo '{"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.5/24"}}'""")]
    [InlineData("a result without a version", Sh + """echo '{"ips":[{"address":"10.0.0.5/24"}]}'""")]
    [InlineData("a megabyte of unknown fields", Python + """print(json.dumps({"cniVersion": "1.0.0", "ips": [{"address": "10.0.0.5/24"}], "x": "y" * 1000000}))""")]
    public void What_is_only_odd_succeeds(string what, string script)
    {
        Script("wild", script);
        _bench.Plugin("last", "sed 's/.*\"prevResult\"://; s/}$//' > /dev/null; echo '" + Ok + "'");
        string configuration = what.Contains("input") ? new string('z', 1_000_000) : "";
        Stopwatch watch = Stopwatch.StartNew();

        CniResult? result = _bench.Runtime().Add(
            PluginBench.Parse($$"""{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"wild","x":"{{configuration}}"},{"type":"last"}]}"""), PluginBench.Attachment());

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal("10.0.0.5/24", Assert.Single(result!.Ips).Address.ToString());
        Assert.Equal("10.0.0.5/24", Assert.Single(_bench.TakeCalls()).Config.GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString());
    }

    [Fact]
    public void An_error_with_status_0_is_no_result_but_no_failure_either()
    {
        Script("wild", Sh + """[ $CNI_COMMAND = ADD ] && echo '{"code":7,"msg":"not really"}'; exit 0""");

        CniResult? result = _bench.Runtime().Add(PluginBench.List("wild"), PluginBench.Attachment());

        Assert.Empty(result!.Ips);
        Assert.Equal("not really", result.UnknownFields.Single(field => field.Key == "msg").Value.GetString());
    }

    private string Script(string type, string text)
    {
        Assert.SkipUnless(!text.StartsWith(Python, StringComparison.Ordinal) || File.Exists("/usr/bin/python3"), "python3 is not installed");
        return _bench.Script(type, text);
    }
}
