using System;
using System.Collections.Generic;

namespace CniPS.Help;

/// <summary>A cmdlet's page.</summary>
internal sealed record CommandPage
{
    internal required string Name { get; init; }

    internal required string Synopsis { get; init; }

    internal required IReadOnlyList<SyntaxSet> Syntax { get; init; }

    internal required IReadOnlyList<Block> Description { get; init; }

    internal required IReadOnlyList<Example> Examples { get; init; }

    internal required IReadOnlyList<Parameter> Parameters { get; init; }

    internal required IReadOnlyList<TypeText> Inputs { get; init; }

    internal required IReadOnlyList<TypeText> Outputs { get; init; }

    internal required IReadOnlyList<Block> Notes { get; init; }

    internal required IReadOnlyList<Link> Links { get; init; }
}

/// <summary>One way to call the cmdlet: a parameter set.</summary>
internal sealed record SyntaxSet(int Line, string Name, IReadOnlyList<SyntaxParameter> Parameters);

/// <summary>A parameter as it stands in a syntax line: <c>[[-Name] &lt;Type&gt;]</c>; a switch has no type.</summary>
internal sealed record SyntaxParameter(string Name, string? Type, bool IsRequired, bool IsPositional);

/// <summary>A numbered example: code and output in their order, and what there is to say.</summary>
internal sealed record Example(int Line, string Title, IReadOnlyList<CodeBlock> Code, IReadOnlyList<Block> Text);

/// <summary>A parameter.</summary>
internal sealed record Parameter(int Line, string Name, IReadOnlyList<Block> Text, IReadOnlyList<ParameterTraits> Traits)
{
    /// <summary>What holds in a parameter set, or null where the set has not this parameter.</summary>
    internal ParameterTraits? In(string set)
    {
        foreach (ParameterTraits traits in Traits)
        {
            if (traits.Sets.Length == 0 || Array.IndexOf(traits.Sets, set) >= 0)
            {
                return traits;
            }
        }

        return null;
    }
}

/// <summary>What a yaml block says of a parameter, in all parameter sets or some.</summary>
internal sealed record ParameterTraits
{
    internal required int Line { get; init; }

    internal required string Type { get; init; }

    /// <summary>The parameter sets that this is about; none for all.</summary>
    internal required string[] Sets { get; init; }

    internal required string Aliases { get; init; }

    /// <summary>The only values there are, if there are only some.</summary>
    internal required IReadOnlyList<string> Values { get; init; }

    internal required bool IsRequired { get; init; }

    /// <summary>A number, or Named.</summary>
    internal required string Position { get; init; }

    internal required string Default { get; init; }

    internal required string Pipeline { get; init; }

    internal required bool TakesWildcards { get; init; }

    internal bool IsSwitch => Type == "SwitchParameter";

    internal bool IsPositional => Position != "Named";
}

/// <summary>A type that comes in or goes out.</summary>
internal sealed record TypeText(string Type, IReadOnlyList<Block> Text);

/// <summary>A link; one to another page has no address.</summary>
internal sealed record Link(string Text, string? Address);
