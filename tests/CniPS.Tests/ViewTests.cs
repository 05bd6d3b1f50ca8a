using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Xml.Linq;
using CniPS.Tests.Conventions;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>The views that the module brings, through PowerShell's own formatting: each column says something, and no expression fails.</summary>
public sealed class ViewTests(Populated session)
{
    // A column may be empty for one object, but a view whose expression throws shows just that, and says nothing. In strict mode more of them do.
    private const string Format = """
        param($command, $objects)
        Set-StrictMode -Version Latest
        $Error.Clear()
        & { $objects | & $command -ShowError -Force } 2>&1 | Out-String -Width 400 -Stream
        $Error | ForEach-Object { "#ERR: $_" }
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
    [Convention(29)]
    [MemberData(nameof(Types))]
    public void A_view_fits_what_its_type_has(string type)
    {
        if (ViewsByControl().Any(view => view.Type == type && view.Control == "TableControl"))
        {
            IReadOnlyList<string> table = Show("Format-Table", type);
            XElement view = View(type, "TableControl");
            int column = 0;
            IReadOnlyList<string> labels = [.. view.Descendants("TableColumnHeader").Zip(
                view.Descendants("TableColumnItem"), (header, item) => header.Element("Label")?.Value ?? item.Element("PropertyName")!.Value)];
            string head = table.First(line => line.Contains(labels[0], StringComparison.Ordinal)); // behind that of a group
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

    private IReadOnlyList<string> Show(string command, string type) => Show(command, session.Samples(type));

    private IReadOnlyList<string> Show(string command, IEnumerable<PSObject> objects)
    {
        string script = command == "Out-Default"
            ? "param($command, $objects) Set-StrictMode -Version Latest; $Error.Clear(); $objects | Out-String -Width 400 -Stream; $Error | ForEach-Object { \"#ERR: $_\" }"
            : Format;
        Outcome outcome = session.Run(script, command, (object)objects.ToArray()).Succeeded();
        IReadOnlyList<string> lines = [.. outcome.Output.Select(line => line.ToString()).Where(line => line.Length > 0)];
        Assert.DoesNotContain(lines, line => line.Contains("#ERR", StringComparison.Ordinal) || line.Contains("Failed to evaluate", StringComparison.Ordinal));
        return lines;
    }

    // What a script emits first decides how all of its output looks: whatever comes later, and is of another type, is a list of few lines.
    [Theory]
    [MemberData(nameof(Types))]
    public void Behind_objects_of_another_type_it_stays_short(string type)
    {
        PSObject other = session.Sample(type == "CniPS.CniNamespace" ? "CniPS.CniNetwork" : "CniPS.CniNamespace");
        int before = Show("Out-Default", [other]).Count;
        Assert.InRange(Show("Out-Default", [other, session.Sample(type)]).Count - before, 1, type == "CniPS.CniTreeLine" ? 1 : 6);
    }

    [Theory]
    [Convention(30)]
    [MemberData(nameof(EmittedTypes))]
    public void A_type_says_what_is_shown_of_it_and_what_tells_one_from_another(string type)
    {
        PSObject sample = session.Sample(type);
        TypeData data = Assert.Single(session.Run("Get-TypeData $args[0]", type).As<TypeData>());
        // Sort-Object sorts by the key, and a range by its addresses, which are no texts.
        foreach (PropertySetData? properties in type == "CniPS.CniAddressRange" ? [data.DefaultDisplayPropertySet] : new[] { data.DefaultDisplayPropertySet, data.DefaultKeyPropertySet })
        {
            Assert.InRange(Assert.IsType<PropertySetData>(properties).ReferencedProperties.Count, 1, 5);
            Assert.All(properties.ReferencedProperties, name => Assert.True(sample.Properties[name] is not null, $"{type} has no {name}"));
        }
    }

    // What a result is made of is emitted by nobody, but looked at by many.
    [Theory]
    [InlineData("Interfaces", 3)]
    [InlineData("Ips", 3)]
    [InlineData("Dns", 3)]
    public void A_part_of_a_result_is_short_as_well(string part, int lines)
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("(Get-CniResult mynet blue).$($args[0]) | Select-Object -First 1", part).Succeeded();
        PSObject other = session.Sample("CniPS.CniNamespace");
        Assert.InRange(Show("Out-Default", [other, Assert.Single(outcome.Output)]).Count - Show("Out-Default", [other]).Count, 1, lines);
    }

    [Fact]
    public void Differences_are_grouped_by_attachment()
    {
        IReadOnlyList<string> lines = Show("Out-Default", "CniPS.CniDifference");
        Assert.Equal("   Attachment: other/c-torn/net9", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("address on net9", StringComparison.Ordinal) && line.Contains("missing", StringComparison.Ordinal));
    }

    // Without a terminal PowerShell leaves the colours out, and NO_COLOR is set here.
    [Fact]
    public void A_tree_is_coloured_by_what_each_line_is()
    {
        PrivateMachine.Require();
        const string script = """
            Set-StrictMode -Version Latest
            $before = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = 'Ansi'
            try {
                foreach ($line in @(Show-CniAttachment) + @(Add-CniAttachment mynet green -WhatIf -PassThru | Show-CniAttachment)) {
                    $colour = $line.Standing -eq 'Added' ? $PSStyle.Foreground.Green : @{
                        host = $PSStyle.Bold; bridge = $PSStyle.Foreground.BrightBlue; container = $PSStyle.Foreground.Cyan }[$line.Kind]
                    if ($colour -and -not ($line | Out-String).Contains("$colour$($line.Name)")) { "$($line.Kind) $($line.Name)" }
                    if ($colour) { $seen = @($seen) + "$($line.Standing)$($line.Kind)" }
                }
                ($seen | Select-Object -Unique).Count
            } finally {
                $PSStyle.OutputRendering = $before
            }
            """;
        Assert.True((int)Assert.Single(session.Run("$seen = @()\n" + script).Succeeded().Output).BaseObject >= 6);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Views_hold_for_what_came_back_from_elsewhere(string type)
    {
        const string revive = "param($objects) [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($objects, 4))";
        PSObject[] revived = [.. session.Run(revive, (object)session.Samples(type).ToArray()).Succeeded().Output];
        Assert.Equal(Show("Out-Default", type).Count, Show("Out-Default", revived).Count);
        Assert.NotEmpty(Show("Format-List", revived));
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
