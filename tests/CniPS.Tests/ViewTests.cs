using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>The views that the module brings, through PowerShell's own formatting: each column says something, and no expression fails.</summary>
public sealed class ViewTests(Populated session)
{
    // A column may be empty for one object, but a view whose expression throws shows just that, and says nothing.
    private const string Format = """
        param($command, $objects)
        & { $objects | & $command -ShowError } 2>&1 | Out-String -Width 400 -Stream
        """;

    public static TheoryData<string> Types() => [.. Populated.Types];

    public static TheoryData<string> EmittedTypes() => [.. (
        from cmdlet in Cmdlets.All.Values
        from output in (OutputTypeAttribute[])cmdlet.ImplementingType.GetCustomAttributes(typeof(OutputTypeAttribute), false)
        from type in output.Type
        where type.Name.StartsWith("CniPS.", StringComparison.Ordinal)
        select type.Name).Distinct().Order()];

    [Theory]
    [MemberData(nameof(EmittedTypes))]
    public void Every_type_that_a_cmdlet_emits_has_a_view_and_a_sample(string type)
    {
        Assert.Contains(type, ViewsByControl().Select(view => view.Type));
        Assert.Contains(type, Populated.Types);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_view_fits_what_its_type_has(string type)
    {
        if (ViewsByControl().Any(view => view.Type == type && view.Control == "TableControl"))
        {
            IReadOnlyList<string> table = Show("Format-Table", type);
            XElement view = View(type, "TableControl");
            string head = table.First(line => line.Length > 0);
            int column = 0;
            IReadOnlyList<string> labels = [.. view.Descendants("TableColumnHeader").Zip(
                view.Descendants("TableColumnItem"), (header, item) => header.Element("Label")?.Value ?? item.Element("PropertyName")!.Value)];
            foreach (string label in labels)
            {
                int at = head.IndexOf(label, column, StringComparison.Ordinal);
                Assert.True(at >= 0, $"no column {label} in: {head}");
                column = at + label.Length;
            }
        }

        Assert.NotEmpty(Show("Format-List", type));
        Assert.NotEmpty(Show("Out-Default", type));
    }

    // The list names every property that its view has, and what a property is called in a view it is called in the type.
    [Theory]
    [MemberData(nameof(Types))]
    public void A_view_names_no_property_that_its_type_lacks(string type)
    {
        PSObject sample = session.Sample(type);
        foreach (XElement name in Document().Descendants("View").Where(view => view.Descendants("TypeName").Any(of => of.Value == type)).Descendants("PropertyName"))
        {
            Assert.True(sample.Properties[name.Value] is not null, $"{type} has no {name.Value}");
        }
    }

    // Redirected to a file or piped to a program, it is text of any width.
    [Theory]
    [MemberData(nameof(Types))]
    public void A_table_of_eighty_columns_is_no_wider(string type)
    {
        Outcome outcome = session.Run("param($objects) $objects | Out-String -Width 80 -Stream", (object)session.Samples(type).ToArray()).Succeeded();
        Assert.All(outcome.Output, line => Assert.InRange(line.ToString().TrimEnd().Length, 0, 80));
    }

    private IReadOnlyList<string> Show(string command, string type)
    {
        string script = command == "Out-Default" ? "param($command, $objects) $objects | Out-String -Width 400 -Stream" : Format;
        Outcome outcome = session.Run(script, command, (object)session.Samples(type).ToArray()).Succeeded();
        IReadOnlyList<string> lines = [.. outcome.Output.Select(line => line.ToString()).Where(line => line.Length > 0)];
        Assert.DoesNotContain(lines, line => line.Contains("#ERR", StringComparison.Ordinal) || line.Contains("Failed to evaluate", StringComparison.Ordinal));
        return lines;
    }

    private static XDocument Document() => XDocument.Load(Path.Combine(AppContext.BaseDirectory, "CniPS.Format.ps1xml"));

    private static XElement View(string type, string control) => Document().Descendants("View")
        .First(view => view.Element(control) is not null && view.Descendants("TypeName").Any(name => name.Value == type));

    private static IEnumerable<(string Type, string Control)> ViewsByControl() =>
        from view in Document().Descendants("View")
        from type in view.Element("ViewSelectedBy")!.Elements("TypeName")
        from control in view.Elements()
        where control.Name.LocalName.EndsWith("Control", StringComparison.Ordinal)
        select (type.Value, control.Name.LocalName);
}
