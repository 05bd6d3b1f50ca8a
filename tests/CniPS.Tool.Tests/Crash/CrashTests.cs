using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Crash;

/// <summary>
/// kill -9 at the system calls of ADD, DEL and GC, of the executable and of plugin programs: whatever comes next leaves what there was before. A
/// few points of each list and pair of verbs; with CNIPS_CRASH=all each system call, which takes hours (docs/reliability.md). Three classes share the
/// lists, and run side by side.
/// </summary>
public abstract class CrashTests(NativeExecutable executable, CrashProgram crash)
{
    private const int Points = 3, Shares = 3;

    private static readonly bool s_all = Environment.GetEnvironmentVariable("CNIPS_CRASH") == "all";

    private protected static TheoryData<string, string> Share(int number)
    {
        TheoryData<string, string> kinds = [];
        int all = 0;
        foreach (CrashList list in CrashList.All)
        {
            foreach (string pair in list.Pairs)
            {
                if (all++ % Shares == number)
                {
                    kinds.Add(list.Name, pair);
                }
            }
        }

        return kinds;
    }

    private protected void Strike(string name, string pair)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
        CrashList list = ((List<CrashList>)[.. CrashList.All]).Find(candidate => candidate.Name == name)!;
        Assert.SkipUnless(name != "tap" || File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        Dictionary<string, string> environment = new()
        {
            ["LIST"] = name,
            ["PAIR"] = pair,
            ["POINTS"] = s_all ? "all" : $"{(pair.StartsWith("plugin-", StringComparison.Ordinal) ? Math.Max(1, Points / list.Types.Length) : Points)}",
            ["SHIFT"] = $"{((name.Length * 37) + (pair.Length * 61) + pair[^1]) % 100}",
            ["CAPS"] = list.Ports ? PortsOf(8080) : "",
            ["PEER_CAPS"] = list.Ports ? PortsOf(8081) : "",
            ["PREPARE"] = list.Prepare,
            // Of a list that our own runtime runs, all is one process.
            ["TYPES"] = pair.StartsWith("plugin-", StringComparison.Ordinal) ? string.Join(' ', list.Types) : "all",
            ["CRASH"] = crash.Path,
        };
        string network = $$"""{"cniVersion":"1.1.0","name":"n","plugins":[{{list.Plugins.ReplaceLineEndings(" ")}}]}""";
        string output = Sandbox.Check(
            executable,
            $"cat > net.conflist <<'X'\n{network}\nX\n{File.ReadAllText(Repository.Path("tests/CniPS.Tool.Tests/Crash/crash.sh"))}",
            environment);
        Assert.True(int.Parse(output) >= (s_all ? 50 : 1), $"{output} kills only");
    }

    private static string PortsOf(int port) => $$"""{"portMappings":[{"hostPort":{{port}},"containerPort":80,"protocol":"tcp"}]}""";
}

/// <summary>The first list's first pair, its fourth ...</summary>
public sealed class FirstCrashTests(NativeExecutable executable, CrashProgram crash) : CrashTests(executable, crash)
{
    public static TheoryData<string, string> Kinds() => Share(0);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NothingIsLostAndNothingLeft(string name, string pair) => Strike(name, pair);
}

/// <summary>The second, the fifth ...</summary>
public sealed class SecondCrashTests(NativeExecutable executable, CrashProgram crash) : CrashTests(executable, crash)
{
    public static TheoryData<string, string> Kinds() => Share(1);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NothingIsLostAndNothingLeft(string name, string pair) => Strike(name, pair);
}

/// <summary>The third, the sixth ...</summary>
public sealed class ThirdCrashTests(NativeExecutable executable, CrashProgram crash) : CrashTests(executable, crash)
{
    public static TheoryData<string, string> Kinds() => Share(2);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NothingIsLostAndNothingLeft(string name, string pair) => Strike(name, pair);
}
