using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What is in an object can be had of it: as JSON, as CSV, through Clixml, by a script that compares and sorts.</summary>
public sealed class ObjectTests(Populated session)
{
    private static readonly HashSet<Type> s_plain =
        [typeof(string), typeof(bool), typeof(ushort), typeof(int), typeof(long), typeof(ulong), typeof(double), typeof(BigInteger), typeof(DateTime), typeof(object)];

    public static TheoryData<string> Types() => [.. Populated.Types];

    // ConvertTo-Json takes objects apart, to the depth of 2, of which one is the list where there are several, and knows no better of addresses, spans of
    // time or enumerations.
    [Theory]
    [MemberData(nameof(Types))]
    public void Has_only_what_JSON_has(string type) => AssertPlain(Type.GetType($"{type}, CniPS", throwOnError: true)!, 1);

    [Theory]
    [MemberData(nameof(Types))]
    public void Is_JSON_that_nothing_is_cut_from(string type)
    {
        const string script = "param($objects) $objects | ForEach-Object { ConvertTo-Json $_ }; $objects + $objects | ConvertTo-Json";
        Outcome outcome = session.Run(script, (object)session.Samples(type).ToArray()).Succeeded();
        Assert.Empty(outcome.Warnings);
        foreach (PSObject text in outcome.Output)
        {
            using JsonDocument json = JsonDocument.Parse(text.ToString());
            Assert.All(Texts(json.RootElement), word => Assert.DoesNotMatch("^(System|CniPS)[.]|@[{]", word));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Is_CSV_that_nothing_is_cut_from(string type)
    {
        Outcome outcome = session.Run("param($objects) $objects | ConvertTo-Csv | ConvertFrom-Csv", (object)session.Samples(type).ToArray()).Succeeded();
        PSObject sample = session.Sample(type);
        foreach (PSPropertyInfo property in sample.Properties)
        {
            string field = (string?)outcome.Output[0].Properties[property.Name].Value ?? "";
            Assert.DoesNotMatch("^(System|CniPS)[.]|@[{]", field);
            foreach (object item in LanguagePrimitives.GetEnumerable(property.Value) ?? Array.Empty<object>())
            {
                Assert.Contains(item.ToString()!, field, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Comes_back_from_Clixml(string type)
    {
        string script = "param($sample) [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($sample, 1))";
        PSObject sample = session.Sample(type), back = Assert.Single(session.Run(script, sample).Succeeded().Output);
        foreach (PSPropertyInfo property in sample.Properties)
        {
            // In the words of this machine's culture, as PowerShell has them; a table's keys in any order.
            string text = Text(property.Value), again = Text(back.Properties[property.Name].Value);
            Assert.True(text == again || (property.Value is CniCapabilityArgs && JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(again))), $"{property.Name}: {text}, {again}");
        }

        static string Text(object? value) =>
            value is not System.Collections.IDictionary && LanguagePrimitives.GetEnumerable(value) is { } items ? string.Join(' ', items.Cast<object>()) : value?.ToString() ?? "";
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Ends_where_it_is_shown_whole(string type)
    {
        Outcome outcome = session.Run("param($sample) $sample | Format-Custom | Out-String -Stream", session.Sample(type)).Succeeded();
        Assert.InRange(outcome.Output.Count, 1, 1000);
    }

    // One name, one type, on every object.
    [Theory]
    [MemberData(nameof(Types))]
    public void Has_addresses_of_one_type(string type)
    {
        PSObject sample = session.Sample(type);
        AssertIs(typeof(CniIPAddress), "IPAddress", "First", "Last", "Server", "HostIP");
        AssertIs(typeof(CniPrefix), "Prefix");
        AssertIs(typeof(CniList<CniPrefix>), "Addresses");

        void AssertIs(Type expected, params string[] names)
        {
            foreach (PSPropertyInfo? property in names.Select(name => sample.Properties[name]))
            {
                // A sample that came back from elsewhere is a picture of one.
                Assert.True(property?.Value is null or string || property.Value.GetType() == expected, $"{type}.{property?.Name} is a {property?.Value?.GetType()}");
            }
        }
    }

    [Theory]
    [InlineData("Get-CniAttachment | Where-Object IPAddress -eq 10.15.20.2 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniAttachment | Where-Object Prefix -eq 10.15.20.2/24 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniAttachment | Where-Object Addresses -contains 10.15.20.2/24 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniAttachment mynet | Where-Object IPAddress -lt 10.15.20.10 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniAttachment mynet -ContainerId blue | Where-Object Gateway -eq 10.15.20.1 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniLease mynet | Where-Object Prefix -eq 10.15.20.2/24 | ForEach-Object ContainerId", "blue")]
    [InlineData("Get-CniNetwork | Where-Object Subnet -contains 10.15.20.0/24 | ForEach-Object Name", "mynet")]
    public void Is_found_by_plain_text(string script, string expected)
    {
        PrivateMachine.Require();
        Assert.Equal(expected, Assert.Single(session.Run(script).Succeeded().Output).ToString());
    }

    [Fact]
    public void Is_sorted_by_number_also_when_it_came_back()
    {
        string script = """
            $addresses = '10.0.0.10', 'fd00::1', '10.0.0.9', '9.0.0.1' | ForEach-Object { [CniPS.CniIPAddress]::Parse($_) }
            $prefixes = '10.0.0.10/24', '10.0.0.9/24' | ForEach-Object { [CniPS.CniPrefix]::Parse($_) }
            $there = [pscustomobject] @{ Addresses = $addresses; Prefixes = $prefixes }
            $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($there))
            foreach ($one in $there, $back) { "$($one.Addresses | Sort-Object) $($one.Prefixes | Sort-Object)" }
            """;
        Assert.All(
            session.Run(script).Succeeded().Output,
            line => Assert.Equal("9.0.0.1 10.0.0.9 10.0.0.10 fd00::1 10.0.0.9/24 10.0.0.10/24", line.ToString()));
    }

    private static void AssertPlain(Type type, int depth)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            Type of = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isList = of.IsGenericType && of.GetGenericTypeDefinition() == typeof(CniList<>);
            of = isList ? of.GetGenericArguments()[0] : of;
            if (!s_plain.Contains(of))
            {
                int within = depth + (isList ? 2 : 1);
                Assert.True(within <= 2 && of.Namespace == "CniPS" && !of.IsArray, $"{type.Name}.{property.Name} is a {of}, at depth {within}");
                AssertPlain(of, within);
            }
            else
            {
                Assert.True(!isList || depth < 2, $"{type.Name}.{property.Name} is a list at depth {depth}");
            }
        }
    }

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(entry => Texts(entry.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [json.GetString()!],
        _ => [],
    };
}
