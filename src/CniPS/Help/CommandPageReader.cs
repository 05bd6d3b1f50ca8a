using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace CniPS.Help;

/// <summary>
/// Reads a cmdlet's page. It has PlatyPS's structure: every section once, in this order; every parameter of the syntax described, and no
/// other; examples numbered from 1.
/// </summary>
internal static partial class CommandPageReader
{
    private const int FewestExamples = 3;

    internal static CommandPage Read(PageLines lines)
    {
        lines.TakeHeading(1, lines.Subject);
        lines.TakeHeading(2, "SYNOPSIS");
        string synopsis = ReadSynopsis(lines);
        lines.TakeHeading(2, "SYNTAX");
        List<SyntaxSet> syntax = ReadSyntax(lines);
        lines.TakeHeading(2, "DESCRIPTION");
        List<Block> description = BlockReader.ReadText(lines);
        lines.TakeHeading(2, "EXAMPLES");
        List<Example> examples = ReadExamples(lines);
        lines.TakeHeading(2, "PARAMETERS");
        List<Parameter> parameters = ReadParameters(lines);
        Compare(syntax, parameters, lines);
        lines.TakeHeading(2, "INPUTS");
        List<TypeText> inputs = ReadTypes(lines);
        lines.TakeHeading(2, "OUTPUTS");
        List<TypeText> outputs = ReadTypes(lines);
        lines.TakeHeading(2, "NOTES");
        List<Block> notes = BlockReader.ReadText(lines);
        lines.TakeHeading(2, "RELATED LINKS");
        List<Link> links = LinkReader.Read(lines);
        lines.TakeEnd();
        return new CommandPage
        {
            Name = lines.Subject,
            Synopsis = synopsis,
            Syntax = syntax,
            Description = description,
            Examples = examples,
            Parameters = parameters,
            Inputs = inputs,
            Outputs = outputs,
            Notes = notes,
            Links = links,
        };
    }

    private static string ReadSynopsis(PageLines lines)
    {
        int start = lines.Number;
        return BlockReader.Read(lines) is [Paragraph { Text: { } text }] ? text : throw lines.Error(start, "a synopsis is one paragraph");
    }

    // One parameter set needs no name.
    private static List<SyntaxSet> ReadSyntax(PageLines lines)
    {
        int start = lines.Number;
        switch (BlockReader.Read(lines))
        {
            case [CodeBlock code]: return [new SyntaxSet(code.Line, "", SyntaxLine.Read(lines.Subject, code, lines))];
            case not []: throw lines.Error(start, "here must be the syntax as code, or the names of parameter sets");
        }

        int defaults = 0;
        List<SyntaxSet> sets = lines.TakeAll(3, (heading, line) =>
        {
            Match name = SetName().Match(heading);
            defaults += name.Groups["default"].Success ? 1 : 0;
            return name.Success && BlockReader.Read(lines) is [CodeBlock code]
                ? new SyntaxSet(line, name.Groups["name"].Value, SyntaxLine.Read(lines.Subject, code, lines))
                : throw lines.Error(line, "a parameter set has a name, (Default) behind one of them, and its syntax as code");
        });
        return defaults == 1 ? sets : throw lines.Error(start, "one parameter set is the default: \"### NAME (Default)\"");
    }

    private static List<Example> ReadExamples(PageLines lines)
    {
        int start = lines.Number;
        int count = 0;
        if (BlockReader.Read(lines).Find(static block => block is not Comment) is { } other)
        {
            throw lines.Error(other.Line, "here must be the first example");
        }

        List<Example> examples = lines.TakeAll(3, (heading, line) =>
        {
            count++;
            return heading.StartsWith($"Example {count}: ", StringComparison.Ordinal)
                ? ReadExample(heading, line, lines)
                : throw lines.Error(line, $"here must be \"### Example {count}: TITLE\"");
        });
        return count >= FewestExamples ? examples : throw lines.Error(start, $"there must be {FewestExamples} examples at least");
    }

    private static Example ReadExample(string title, int line, PageLines lines)
    {
        List<CodeBlock> code = [];
        List<Block> text = [];
        foreach (Block block in BlockReader.Read(lines))
        {
            switch (block)
            {
                case CodeBlock { Language: "powershell" } command: code.Add(command); break;
                case CodeBlock { Language: "output" } output when code.Count > 0: code.Add(output); break;
                case CodeBlock: throw lines.Error(block.Line, "an example has blocks of powershell, each with its output behind it");
                case Comment: break;
                default: text.Add(block); break;
            }
        }

        return code.Count > 0 && text.Count > 0 ? new Example(line, title, code, text) : throw lines.Error(line, "an example has code and an explanation");
    }

    private static List<Parameter> ReadParameters(PageLines lines)
    {
        string last = "";
        return lines.TakeAll(3, (heading, line) =>
        {
            string name = heading.StartsWith('-') ? heading[1..] : throw lines.Error(line, "here must be \"### -PARAMETER\"");
            if (string.CompareOrdinal(last, name) >= 0)
            {
                throw lines.Error(line, "parameters are described in the order of the alphabet");
            }

            last = name;
            return ReadParameter(name, line, lines);
        });
    }

    private static Parameter ReadParameter(string name, int line, PageLines lines)
    {
        List<Block> text = [];
        List<ParameterTraits> traits = [];
        foreach (Block block in BlockReader.Read(lines))
        {
            if (block is CodeBlock { Language: "yaml" } yaml)
            {
                traits.Add(TraitsReader.Read(yaml, lines));
            }
            else if (block is CodeBlock or Comment || traits.Count > 0)
            {
                throw lines.Error(block.Line, "a parameter has text, then a block of yaml, or one for each group of parameter sets");
            }
            else
            {
                text.Add(block);
            }
        }

        return traits.Count > 0 && text.Count > 0
            ? new Parameter(line, name, text, traits)
            : throw lines.Error(line, "a parameter has text, then a block of yaml");
    }

    private static List<TypeText> ReadTypes(PageLines lines)
    {
        int start = lines.Number;
        List<TypeText> types = lines.TakeAll(3, (heading, _) => new TypeText(heading, BlockReader.ReadText(lines)));
        return types.Count > 0 ? types : throw lines.Error(start, "here must be \"### TYPE\", or \"### None\"");
    }

    /// <summary>Holds the syntax against the parameters' descriptions.</summary>
    private static void Compare(List<SyntaxSet> syntax, List<Parameter> parameters, PageLines lines)
    {
        foreach (SyntaxSet set in syntax)
        {
            foreach (SyntaxParameter shown in set.Parameters)
            {
                ParameterTraits? traits = parameters.Find(parameter => parameter.Name == shown.Name)?.In(set.Name);
                if (traits is null || traits.IsRequired != shown.IsRequired || traits.IsPositional != shown.IsPositional
                    || (traits.IsSwitch ? shown.Type is not null : shown.Type != traits.Type))
                {
                    throw lines.Error(set.Line, $"the syntax shows -{shown.Name} otherwise than its description has it, if it has one");
                }
            }
        }

        foreach (Parameter parameter in parameters)
        {
            foreach (ParameterTraits traits in parameter.Traits)
            {
                CompareSets(syntax, parameter, traits, lines);
            }
        }
    }

    private static void CompareSets(List<SyntaxSet> syntax, Parameter parameter, ParameterTraits traits, PageLines lines)
    {
        foreach (string name in traits.Sets)
        {
            if (!syntax.Exists(set => set.Name == name))
            {
                throw lines.Error(traits.Line, $"there is no parameter set {name}");
            }
        }

        foreach (SyntaxSet set in syntax)
        {
            bool isShown = false;
            foreach (SyntaxParameter shown in set.Parameters)
            {
                isShown |= shown.Name == parameter.Name;
            }

            if (!isShown && parameter.In(set.Name) is not null)
            {
                throw lines.Error(traits.Line, $"the syntax has no -{parameter.Name}");
            }
        }
    }

    [GeneratedRegex(@"^(?<name>\w+)(?<default> \(Default\))?$")]
    private static partial Regex SetName();
}
