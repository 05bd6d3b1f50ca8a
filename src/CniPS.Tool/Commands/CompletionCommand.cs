using System.Collections.Generic;
using System.Text;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Tool.Completion;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips completion</c>.</summary>
internal sealed class CompletionCommand : Command
{
    internal override string Name => "completion";

    internal override string Operands => "<shell>";

    internal override string Summary => "Prints a script that completes commands, options and names in a shell.";

    internal override string Notes =>
        """
        bash        source <(cnips completion bash)                 or into /etc/bash_completion.d/cnips
        zsh         source <(cnips completion zsh)                  or into a folder of $fpath, as _cnips
        fish        cnips completion fish | source                  or into ~/.config/fish/completions/cnips.fish
        powershell  cnips completion powershell | Out-String | Invoke-Expression
        The script asks cnips itself: what is completed is what is there at that moment.
        """;

    internal override IReadOnlyList<string> Choices => CompletionScript.Shells;

    protected override int Run(Arguments arguments)
    {
        string shell = arguments.Positionals[0];
        string script = CompletionScript.For(shell, CommandLine.Executable, descriptions: true)
            ?? throw new UsageException($"there is no completion for {shell}: {string.Join(", ", CompletionScript.Shells)}");
        StandardStreams.Write(StandardStreams.Output, Encoding.UTF8.GetBytes(script));
        return Done;
    }
}
