using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>Completion, asked for by the shells themselves.</summary>
public sealed class CompletionTests(NativeExecutable executable)
{
    // Two networks of which one is attached, two namespaces, and a file.
    private const string Stage =
        """
        mkdir net.d
        for name in front back; do
            echo '{"cniVersion":"1.1.0","name":"'$name'","plugins":[{"type":"loopback"}]}' > net.d/10-$name.conflist
        done
        export NETCONFPATH=$PWD/net.d CNI_PATH=$CNIPS PATH=$CNIPS:$CNIPS/../tools:$PATH
        for name in blue red; do ip netns add $name; done
        cnips add front blue --container-id web1 -i lo > /dev/null
        touch notes.txt

        """;

    // Words as readline splits a line: every argument one, the last one to be completed.
    private const string Bash =
        """
        cat > complete.bash <<'X'
        source <(cnips completion bash)
        source <(cnitool completion bash)
        words() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
            "_$1"
            echo "${COMPREPLY[*]}"
        }
        X

        """;

    [Fact]
    public void BashCompletesWhatIsThere()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("bash"), "needs bash");
        string output = Sandbox.Check(
            executable,
            Stage + Bash +
            """
            cat >> complete.bash <<'X'
            complete -p cnips
            words cnips ch
            words cnips add fr
            words cnips add front r
            words cnips add front red --ti
            words cnips add front red --plugin-source ''
            words cnips add front red --plugin-source = na
            words cnips del front --container-id ''
            words cnips del back --container-id ''
            words cnips del front blue --ifname ''
            words cnips check no
            words cnips cache ''
            words cnips cache show ''
            words cnips cache show front ''
            words cnips gc front --keep w
            words cnips completion z
            words cnips plugin br
            words cnips help va
            words cnips trace --from w
            words cnips trace --to b
            words cnips trace --to h
            words cnips trace --protocol ''
            words cnips frobnicate ''
            words cnips add front red --frobnicate x
            words cnips add front red --
            words cnitool st
            words cnitool add ba
            words cnitool add back /run/netns/r
            words cnitool completion f
            words cnitool del front /x -i ''
            X
            bash complete.bash
            """);

        Assert.Equal(
            [
                "complete -F _cnips cnips",
                "check",
                "front",
                "red",
                "--timeout",
                "native-first native path",
                "native-first native",
                "web1",
                "",
                "lo",
                "notes.txt",
                "list show prune",
                "front",
                "web1",
                "web1",
                "zsh",
                "bridge",
                "validate",
                "web1",
                "blue",
                "host",
                "icmp tcp udp",
                "",
                "",
            ],
            output.Split('\n')[..24]);
        Assert.Contains("--netconf-path --cni-path --plugin-source", output.Split('\n')[24], StringComparison.Ordinal);
        Assert.Equal(["status", "back", "/run/netns/red", "fish", "lo", ""], output.Split('\n')[25..]);
    }

    // bash itself, with a line typed and the tab key pressed.
    [Fact]
    public void BashCompletesATypedLine()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("bash"), "needs bash");
        Assert.SkipUnless(Shell.Has("script"), "needs script (bsdutils) for a terminal");
        string output = Sandbox.Check(
            executable,
            Stage +
            """
            cat > rc <<'X'
            PS1='> '
            source <(cnips completion bash)
            X
            { sleep 0.5; printf 'cnips ver\t > out\n'; sleep 0.5; printf 'exit\n'; } |
                script -qec 'bash --rcfile rc -i' /dev/null > /dev/null
            cat out
            """);

        Assert.StartsWith("cnips ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FishCompletesWhatIsThere()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("fish"), "needs fish");
        string output = Sandbox.Check(
            executable,
            Stage +
            """
            export HOME=$PWD
            cnips completion fish > cnips.fish; cnitool completion fish --no-descriptions > cnitool.fish
            fish --no-execute cnips.fish
            cat > all.fish <<'X'
            source cnips.fish
            source cnitool.fish
            for line in 'cnips ch' 'cnips add fr' 'cnips add front r' 'cnips add front red --plugin-source=n' 'cnips del front --container-id ' 'cnitool stat'
                complete -C $line
            end
            X
            fish all.fish
            """);

        Assert.Equal(
            [
                "check\tSays what of an attachment is not as it should be; exit code 3 if anything.",
                "front\t/run/work/net.d/10-front.conflist",
                "red\t/run/netns/red",
                "--plugin-source=native\tWhich plugins to run: native-first, native or path.",
                "--plugin-source=native-first\tWhich plugins to run: native-first, native or path.",
                "web1\ton front",
                "status",
                "",
            ],
            output.Split('\n'));
    }

    // Its completion system needs a terminal; here the two of its functions that the script calls print what they are given.
    [Fact]
    public void ZshCompletesWhatIsThere()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("zsh"), "needs zsh");
        string output = Sandbox.Check(
            executable,
            Stage +
            """
            cnips completion zsh > _cnips; cnitool completion zsh > _cnitool
            zsh -n _cnips; zsh -n _cnitool
            cat > all.zsh <<'X'
            compdef() { print -r -- "compdef $*" }
            compset() { true }
            _describe() { print -rl -- "${(@P)3}" }
            _files() { print files }
            source ./_cnips; source ./_cnitool
            words=(cnips add fr); CURRENT=3; _cnips
            words=(cnips add front ''); CURRENT=4; _cnips
            words=(cnitool add back /run/netns/b); CURRENT=4; _cnitool
            words=(cnips add front red --plugin-source=na); CURRENT=5; _cnips
            X
            zsh -f all.zsh
            """);

        Assert.Equal(
            [
                "compdef _cnips cnips",
                "compdef _cnitool cnitool",
                "front:/run/work/net.d/10-front.conflist",
                "files",
                "blue:/run/netns/blue",
                "red:/run/netns/red",
                "files",
                "/run/netns/blue:blue",
                "--plugin-source=native-first:Which plugins to run: native-first, native or path.",
                "--plugin-source=native:Which plugins to run: native-first, native or path.",
                "",
            ],
            output.Split('\n'));
    }

    [Fact]
    public void PowerShellCompletesWhatIsThere()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Stage +
            """
            export HOME=$PWD
            cat > all.ps1 <<'X'
            cnips completion powershell | Out-String | Invoke-Expression
            foreach ($line in 'cnips ch', 'cnips add fr', 'cnips add front ', 'cnips add front red --ti') {
                $found = (TabExpansion2 $line $line.Length).CompletionMatches
                "$($found.CompletionText -join ' ')|$($found[0].ToolTip)"
            }
            X
            "$PWSH" -NoProfile -NonInteractive -File all.ps1
            """);

        string[] lines = output.Split('\n');
        Assert.Equal("check|Says what of an attachment is not as it should be; exit code 3 if anything.", lines[0]);
        Assert.Equal("front|/run/work/net.d/10-front.conflist", lines[1]);
        Assert.Equal("blue red|/run/netns/blue", lines[2]);
        Assert.StartsWith("--timeout|", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void AnswersAsCobraDoes()
    {
        string empty = Directory.CreateTempSubdirectory("cnips-completion-").FullName;
        try
        {
            var environment = new Dictionary<string, string> { ["NETCONFPATH"] = empty };
            Assert.Equal("gc\tGarbage collect network interfaces\n:4\n", Shell.Run(executable.Cnitool, ["__complete", "g"], environment).Output);
            Assert.Equal("gc\n:4\n", Shell.Run(executable.Cnitool, ["__completeNoDesc", "g"], environment).Output);
            Assert.Equal(":4\n", Shell.Run(executable.Cnitool, ["__complete", "add", "zz", "/x", ""], environment).Output);
        }
        finally
        {
            Directory.Delete(empty);
        }
    }
}
