using System;
using System.Collections.Generic;
using System.Text;
using System.Xml;

namespace CniPS.Help;

/// <summary>Writes cmdlets' help as MAML, which Get-Help reads.</summary>
internal sealed class MamlFile
{
    private const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    private const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly XmlWriter _xml;
    private readonly string? _online;

    private MamlFile(XmlWriter xml, string? online)
    {
        _xml = xml;
        _online = online;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pages">The cmdlets' pages.</param>
    /// <param name="online">The folder on the web that has the pages; null where none has.</param>
    internal static void Write(string path, IEnumerable<CommandPage> pages, string? online)
    {
        XmlWriterSettings settings = new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };
        using XmlWriter xml = XmlWriter.Create(path, settings);
        xml.WriteStartElement("helpItems", "http://msh");
        xml.WriteAttributeString("schema", "maml");
        MamlFile file = new(xml, online);
        foreach (CommandPage page in pages)
        {
            file.Write(page);
        }

        xml.WriteEndElement();
    }

    private void Write(CommandPage page)
    {
        _xml.WriteStartElement("command", "command", Command);
        _xml.WriteAttributeString("xmlns", "maml", null, Maml);
        _xml.WriteAttributeString("xmlns", "dev", null, Dev);
        Element(Command, "details", () =>
        {
            string[] name = page.Name.Split('-');
            Text(Command, "name", page.Name);
            Text(Command, "verb", name[0]);
            Text(Command, "noun", name[1]);
            Element(Maml, "description", () => Text(Maml, "para", page.Synopsis));
        });
        Element(Maml, "description", () => Blocks(page.Description));
        Element(Command, "syntax", () => Each(page.Syntax, set => Syntax(page, set)));
        Element(Command, "parameters", () => Each(page.Parameters, parameter => Parameter(parameter, null)));
        Element(Command, "inputTypes", () => Each(page.Inputs, type => Type("inputType", type)));
        Element(Command, "returnValues", () => Each(page.Outputs, type => Type("returnValue", type)));
        Element(Maml, "alertSet", () => Element(Maml, "alert", () => Blocks(page.Notes)));
        Element(Command, "examples", () => Each(page.Examples, Example));
        Element(Command, "relatedLinks", () =>
        {
            if (_online is not null)
            {
                Link(new Link("Online version", $"{_online}{page.Name}.md"));
            }

            Each(page.Links, Link);
        });
        _xml.WriteEndElement();
    }

    private void Syntax(CommandPage page, SyntaxSet set) => Element(Command, "syntaxItem", () =>
    {
        Text(Maml, "name", page.Name);
        foreach (SyntaxParameter shown in set.Parameters)
        {
            foreach (Parameter parameter in page.Parameters)
            {
                if (parameter.Name == shown.Name)
                {
                    Parameter(parameter, set.Name);
                }
            }
        }
    });

    // In a syntax: what holds in that set. Else: what holds in the first, with every way it can come down the pipeline.
    private void Parameter(Parameter parameter, string? set) => Element(Command, "parameter", () =>
    {
        ParameterTraits traits = (set is null ? null : parameter.In(set)) ?? parameter.Traits[0];
        _xml.WriteAttributeString("required", Lower(traits.IsRequired));
        _xml.WriteAttributeString("variableLength", Lower(traits.Type.EndsWith("[]", StringComparison.Ordinal)));
        _xml.WriteAttributeString("globbing", Lower(traits.TakesWildcards));
        _xml.WriteAttributeString("pipelineInput", set is null ? PipelineOf(parameter) : traits.Pipeline);
        _xml.WriteAttributeString("position", traits.Position.ToLowerInvariant());
        _xml.WriteAttributeString("aliases", traits.Aliases.Length > 0 ? traits.Aliases : "none");
        Text(Maml, "name", parameter.Name);
        Element(Maml, "description", () => Blocks(parameter.Text));
        if (set is not null && traits.Values.Count > 0)
        {
            Element(Command, "parameterValueGroup", () => Each(traits.Values, value => Value("parameterValue", value, false)));
        }

        if (set is null || !traits.IsSwitch)
        {
            Value("parameterValue", traits.Type, !traits.IsSwitch);
        }

        Element(Dev, "type", () =>
        {
            Text(Maml, "name", traits.Type);
            Text(Maml, "uri", "");
        });
        Text(Dev, "defaultValue", traits.Default);
    });

    private static string PipelineOf(Parameter parameter)
    {
        List<string> ways = [];
        foreach (string way in (ReadOnlySpan<string>)["ByPropertyName", "ByValue"])
        {
            foreach (ParameterTraits traits in parameter.Traits)
            {
                if (traits.Pipeline.Contains(way, StringComparison.Ordinal) && !ways.Contains(way))
                {
                    ways.Add(way);
                }
            }
        }

        return ways.Count > 0 ? $"True ({string.Join(", ", ways)})" : parameter.Traits[0].Pipeline;
    }

    private void Value(string name, string value, bool required)
    {
        _xml.WriteStartElement(name, Command);
        _xml.WriteAttributeString("required", Lower(required));
        _xml.WriteAttributeString("variableLength", "false");
        _xml.WriteString(value);
        _xml.WriteEndElement();
    }

    private void Type(string element, TypeText type) => Element(Command, element, () =>
    {
        Element(Dev, "type", () => Text(Maml, "name", type.Type));
        Element(Maml, "description", () => Blocks(type.Text));
    });

    private void Example(Example example) => Element(Command, "example", () =>
    {
        Text(Maml, "title", $"-------- {example.Title} --------");
        Text(Dev, "code", CodeOf(example));
        Element(Dev, "remarks", () =>
        {
            Blocks(example.Text);
            Text(Maml, "para", ""); // space before the next example
        });
    });

    private static string CodeOf(Example example)
    {
        List<string> blocks = [];
        foreach (CodeBlock block in example.Code)
        {
            blocks.Add(string.Join('\n', block.Code));
        }

        return string.Join("\n\n", blocks);
    }

    // -Online opens the first link that has an address: without a page of its own a cmdlet has none to open, least of all another project's.
    private void Link(Link link) => Element(Maml, "navigationLink", () =>
    {
        Text(Maml, "linkText", _online is null && link.Address is not null ? $"{link.Text}: {link.Address}" : link.Text);
        Text(Maml, "uri", _online is null ? "" : link.Address ?? "");
    });

    // Get-Help leaves a line free after a paragraph, but not after a list.
    private void Blocks(IEnumerable<Block> blocks)
    {
        bool isAfterList = false;
        foreach (Block block in blocks)
        {
            if (isAfterList)
            {
                Text(Maml, "para", "");
            }

            isAfterList = block is ListBlock;
            if (block is Paragraph paragraph)
            {
                Text(Maml, "para", paragraph.Text);
            }
            else if (block is ListBlock list)
            {
                List(list);
            }
        }
    }

    private void List(ListBlock list) => Element(Maml, "list", () =>
    {
        _xml.WriteAttributeString("class", list.IsNumbered ? "ordered" : "bullet");
        Each(list.Items, item => Element(Maml, "listItem", () => Text(Maml, "para", item.Text)));
    });

    private void Element(string space, string name, Action content)
    {
        _xml.WriteStartElement(name, space);
        content();
        _xml.WriteEndElement();
    }

    private void Text(string space, string name, string text) => _xml.WriteElementString(name, space, text);

    private static void Each<T>(IEnumerable<T> items, Action<T> write)
    {
        foreach (T item in items)
        {
            write(item);
        }
    }

    private static string Lower(bool value) => value ? "true" : "false";
}
