using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using CniPS.Tool.Output;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The engine's advice names cmdlets and parameters; under a shell it must name commands and options.</summary>
public sealed partial class AdviceTests(NativeExecutable executable)
{
    [Fact]
    public void It_fits_the_error_and_who_asks()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("setpriv"), "needs setpriv (util-linux)");
        string output = Sandbox.Check(executable,
            """
            net() { printf '{"cniVersion":"1.0.0","name":"%s","plugins":[{"type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"host-local","subnet":"%s"}}]}' $1 $2 > $1.conflist; }
            add() { "$@" --json 2>&1 > /dev/null | grep '"action"' || echo "no advice: $*"; }
            net four 10.9.0.0/24; net six fd00:9::/64
            ip netns add a
            mkdir data; chmod 777 data
            add setpriv --reuid 65534 --regid 65534 --clear-groups $CNIPS/cnips add four.conflist a --cache-dir $PWD/data
            add $CNIPS/cnips add four.conflist a
            rm -r /run/cnips
            add setpriv --bounding-set -net_admin $CNIPS/cnips add four.conflist a
            for conf in all default; do echo 1 > /proc/sys/net/ipv6/conf/$conf/disable_ipv6; done
            add $CNIPS/cnips add six.conflist a
            """);
        Assert.Collection(
            output.TrimEnd().Split('\n'),
            user => Assert.Contains("Run as root", user, StringComparison.Ordinal),
            folder => Assert.Contains("Somebody else has made it", folder, StringComparison.Ordinal), // the locks': here all can write /run
            root => Assert.Contains("This root may not: it lacks CAP_NET_ADMIN", root, StringComparison.Ordinal),
            off => Assert.Contains("IPv6 is off on that interface (disable_ipv6)", off, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_the_engine_advises_is_said_in_commands_and_options()
    {
        var left = new List<string>();
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(Repository.Path("src/CniPS.Engine"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match text in Literal().Matches(Code(file)))
            {
                if (ModuleWord().IsMatch(text.Value))
                {
                    count++;
                    string advice = Advice.ForCommandLine(text.Value);
                    if (ModuleWord().IsMatch(advice))
                    {
                        left.Add($"{Path.GetFileName(file)}: {advice}");
                    }
                }
            }
        }

        Assert.True(count > 10, "the engine's advice wasn't found");
        Assert.Empty(left);
    }

    [Theory]
    [InlineData("Remove it first (Remove-CniAttachment), or choose another.", "Remove it first (cnips del), or choose another.")]
    [InlineData("Use the program: -PluginSource Path.", "Use the program: --plugin-source path.")]
    [InlineData("Allow native plugins (-PluginSource NativeFirst).", "Allow native plugins (--plugin-source native-first).")]
    [InlineData("Give an address to -To.", "Give an address to --to.")]
    [InlineData("Update-CniAttachment -Network n -ContainerId c", "cnips update n --container-id c")]
    [InlineData("Nothing to translate.", "Nothing to translate.")]
    public void Words_are_translated(string advice, string expected) => Assert.Equal(expected, Advice.ForCommandLine(advice));

    // Without comments.
    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex("\"[^\"\\n]*\"")]
    private static partial Regex Literal();

    [GeneratedRegex("(^|\\n)\\s*//[^\\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("[A-Z][a-z]+-Cni[A-Z][a-z]+|(?<=[ (])-[A-Z][a-z]{2,}")]
    private static partial Regex ModuleWord();
}
