using System;
using System.Collections.Generic;

namespace CniPS.Tool.Completion;

/// <summary>
/// The scripts by which shells complete. Each only asks the executable, which answers a line for each candidate, a tab before its
/// description, and a last line that says whether files are candidates too: <c>:0</c>, or <c>:4</c> for no. (That is how programs made
/// with cobra answer, so that a script made by another cnitool works on.)
/// </summary>
internal static class CompletionScript
{
    /// <summary>The commands that answer, with and without descriptions.</summary>
    internal const string Query = "__complete", PlainQuery = "__completeNoDesc";

    private const string Bash =
        """
        # bash completion for NAME
        _NAME() {
            local cur="${COMP_WORDS[COMP_CWORD]}" line files=
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                    :0) files=1 ;;
                    :*) ;;
                    *) COMPREPLY+=("$(printf %q "${line%%$'\t'*}")") ;;
                esac
            done < <("${COMP_WORDS[0]}" __completeNoDesc "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            if [[ -n $files ]]; then
                [[ $cur == = ]] && cur=
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do
                    COMPREPLY+=("$line")
                done < <(compgen -f -- "$cur")
            fi
        }
        complete -F _NAME NAME

        """;

    private const string Zsh =
        """
        #compdef NAME
        # zsh completion for NAME
        _NAME() {
            local line value files=
            local -a candidates
            while IFS= read -r line; do
                case $line in
                    :0) files=1 ;;
                    :*) ;;
                    *)
                        value=${line%%$'\t'*}
                        candidates+=("${value//:/\\:}${${line#$value}/$'\t'/:}")
                        ;;
                esac
            done < <("${words[1]}" QUERY "${(@)words[2,CURRENT]}" 2>/dev/null)
            (( $#candidates )) && _describe -V NAME candidates
            if [[ -n $files ]]; then
                compset -P '--*='
                _files
            fi
        }
        if [[ ${funcstack[1]} == _NAME ]]; then
            _NAME "$@"
        else
            compdef _NAME NAME
        fi

        """;

    private const string Fish =
        """
        # fish completion for NAME
        function __NAME_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            for line in ($words[1] QUERY $words[2..-1] "$current" 2>/dev/null)
                if test "$line" = ':0'
                    __fish_complete_path "$current"
                else if not string match -qr '^:\d+$' -- $line
                    echo $line
                end
            end
        end
        complete -c NAME -f -a '(__NAME_complete)'

        """;

    private const string PowerShell =
        """
        # PowerShell completion for NAME
        Register-ArgumentCompleter -Native -CommandName NAME -ScriptBlock {
            param($word, $ast, $position)
            $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
            & $ast.CommandElements[0].Value QUERY @words $word 2>$null | Where-Object { $_ -notmatch '^:\d+$' } | ForEach-Object {
                $value, $text = $_ -split "`t", 2
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', ($text ? $text : $value))
            }
        }

        """;

    /// <summary>The shells there is a script for, sorted.</summary>
    internal static IReadOnlyList<string> Shells { get; } = ["bash", "fish", "powershell", "zsh"];

    /// <summary>The script of a shell, or null.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="name">The name under which the executable is completed.</param>
    /// <param name="descriptions">Whether candidates are described, in shells that show it.</param>
    internal static string? For(string shell, string name, bool descriptions)
    {
        string? script = shell switch
        {
            "bash" => Bash,
            "fish" => Fish,
            "powershell" => PowerShell,
            "zsh" => Zsh,
            _ => null,
        };
        return script?.Replace("NAME", name, StringComparison.Ordinal)
            .Replace("QUERY", descriptions ? Query : PlainQuery, StringComparison.Ordinal);
    }
}
