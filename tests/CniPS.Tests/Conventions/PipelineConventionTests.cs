using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>What goes into cmdlets and out of them.</summary>
public sealed class PipelineConventionTests(Populated session)
{
    // What is asked for with Get-CniResult is one attachment's, and with Get-CniPortMapping a number.
    [Fact]
    [Convention(8)]
    public void What_is_got_is_named_with_wildcards()
    {
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values.Where(cmdlet => cmdlet.Verb is "Get" or "Show" && cmdlet.Name is not ("Get-CniResult" or "Get-CniPortMapping")))
        {
            ParameterMetadata first = cmdlet.Parameters.Values.Single(parameter => parameter.ParameterSets.Values.Any(set => set.Position == 0));
            Assert.True(first.ParameterType.IsArray, cmdlet.Name);
            Assert.Contains(first.Attributes, attribute => attribute is SupportsWildcardsAttribute);
        }
    }

    // A network and a namespace are told apart by what they are, a plan and the name of a network too; Add-CniAttachment looks at the whole of what is piped as well.
    [Fact]
    [Convention(12)]
    public void Objects_bind_by_value_or_by_the_names_of_their_properties()
    {
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
            {
                IEnumerable<string> whole = set.Parameters.Where(parameter => parameter.ValueFromPipeline).Select(parameter => parameter.Name).Order();
                Assert.True(whole.Count() <= 1 || string.Join(' ', whole) is "Namespace Network" or "InputObject Namespace" or "InputObject Namespace Network" or "Network Plan", cmdlet.Name);
            }

            foreach (ParameterMetadata parameter in Cmdlets.Own(cmdlet).Where(parameter => parameter.Name is "Network" or "Namespace" or "ContainerId" or "Interface" or "CachePath"))
            {
                Assert.All(parameter.ParameterSets.Values, set => Assert.True(set.ValueFromPipelineByPropertyName, $"{cmdlet.Name} -{parameter.Name}"));
                Assert.NotNull(typeof(CniAttachment).GetProperty(parameter.Name)); // what is emitted has it under that name
            }
        }

        Outcome outcome = session.Run("""
            [pscustomobject] @{ Network = 'mynet'; ContainerId = 'blue'; Interface = 'eth0' } | Test-CniAttachment
            'Network,ContainerId', 'mynet,blue' | ConvertFrom-Csv | Get-CniAttachment
            """).Succeeded();
        Assert.Equal([true, "mynet/blue/eth0"], [outcome.Output[0].BaseObject, outcome.Output[1].ToString()]);
    }

    [Fact]
    [Convention(13)]
    public void The_first_object_comes_before_the_second_is_asked_for()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            $order = [Collections.Generic.List[string]]::new()
            $names = 1..20 | ForEach-Object { "streamed-$_" }
            & { foreach ($name in $names) { $order.Add("in $name"); $name } } | New-CniNamespace | ForEach-Object { $order.Add("out $_"); $_ } | Remove-CniNamespace
            $order
            """).Succeeded();
        string[] order = [.. outcome.Output.Select(item => item.ToString())];
        Assert.Equal(["in streamed-1", "out streamed-1", "in streamed-2"], order[..3]);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"out streamed-{i}"), order.Where(line => line.StartsWith("out", StringComparison.Ordinal)));
    }

    // Under its own name where that says more: -Network takes a network, -Namespace a namespace, -Plan a plan.
    [Fact]
    [Convention(14)]
    public void Objects_are_taken_as_they_are_emitted()
    {
        PrivateMachine.Require();
        Assert.Contains("InputObject", Cmdlets.All["ConvertTo-CniJson"].Parameters.Keys);
        Assert.Contains("InputObject", Cmdlets.All["Compare-CniPlan"].Parameters["Plan"].Aliases);
        session.Run("""
            Test-CniNetwork -Network (Get-CniNetwork mynet) | Out-Null
            Test-CniAttachment -Network (Get-CniNetwork mynet) -Namespace (Get-CniNamespace blue) | Out-Null
            Get-CniAttachment mynet | Test-CniAttachment | Out-Null
            ConvertTo-CniJson -InputObject (Get-CniNetwork mynet) | Out-Null
            Get-CniStatistic -Network (Get-CniNetwork mynet) | Out-Null
            """).Succeeded();
    }

    [Fact]
    [Convention(15)]
    public void Every_cmdlet_says_what_it_emits() => Assert.All(
        Cmdlets.All.Values, cmdlet => Assert.NotEmpty(cmdlet.ImplementingType.GetCustomAttributes(typeof(OutputTypeAttribute), false)));

    // Where it can't be told, as in a version that has no CHECK, there is an error and neither answer.
    [Fact]
    [Convention(16)]
    public void A_test_answers_true_or_false()
    {
        PrivateMachine.Require();
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values.Where(cmdlet => cmdlet.Verb == "Test"))
        {
            Assert.Contains(cmdlet.OutputType, type => type.Type == typeof(bool));
        }

        Assert.Equal(true, Assert.Single(session.Run("Test-CniAttachment mynet blue").Succeeded().Output).BaseObject);
        foreach (string command in new[] { "Test-CniAttachment other torn -ContainerId c-torn -Interface net9", "Test-CniAttachment mynet green", "Test-CniNetwork /run/wrong.conflist" })
        {
            Outcome outcome = session.Run(command);
            Assert.Equal(false, Assert.Single(outcome.Output).BaseObject);
            Assert.NotEmpty(outcome.Errors);
            Assert.Null(outcome.Terminating);
        }
    }

    // The container's namespace is gone: it is not as ADD left it, and that is an answer.
    [Fact]
    [Convention(16)]
    public void A_container_that_is_gone_is_a_difference()
    {
        PrivateMachine.Require();
        session.Run("""
            New-CniNamespace leaving | Out-Null
            New-CniNetwork leaves 10.15.45.0/24 -Bridge le0 -OutFile /run/leaves.conflist | Add-CniAttachment -Namespace leaving -CachePath /run/leaves-cache | Out-Null
            Remove-CniNamespace leaving
            """).Succeeded();
        const string test = "Test-CniAttachment leaves -ContainerId leaving -CachePath /run/leaves-cache";
        Outcome outcome = session.Run(test);
        Assert.Equal(false, Assert.Single(outcome.Output).BaseObject);
        ErrorRecord error = Assert.Single(outcome.Errors);
        Assert.Equal("Remove-CniAttachment leaves leaving -CachePath /run/leaves-cache clears what is left of it.", error.ErrorDetails.RecommendedAction);
        Assert.Contains("container leaving, network leaves", error.ToString(), StringComparison.Ordinal);
        CniDifference row = Assert.Single(session.Run(test + " -Detailed").As<CniDifference>());
        Assert.Equal(("namespace", "/run/netns/leaving", null), (row.Subject, row.Expected, row.Actual));
        session.Run("Remove-CniAttachment leaves leaving -CachePath /run/leaves-cache").Succeeded();
    }

    [Fact]
    [Convention(18)]
    public void JSON_is_what_objects_are_turned_into()
    {
        PrivateMachine.Require();
        Assert.DoesNotContain(Cmdlets.All.Values.SelectMany(Cmdlets.Own), parameter => parameter.Name.EndsWith("AsJson", StringComparison.Ordinal));
        Assert.Contains("\"cniVersion\"", session.Run("ConvertTo-CniJson (Get-CniResult mynet blue)").Succeeded().Output.Single().ToString(), StringComparison.Ordinal);
    }

    // A tree's lines have their order, a result is one attachment's, and a plugin's keys are in the order of their declaration.
    [Fact]
    [Convention(31)]
    public void What_is_emitted_can_be_compared_and_read()
    {
        string[] unordered = ["CniTreeLine", "CniResult", "CniAddResult", "CniPluginKey"];
        foreach (Type type in Cmdlets.All.Values.SelectMany(cmdlet => cmdlet.OutputType).Select(output => output.Type).Where(type => type.Namespace!.StartsWith("CniPS", StringComparison.Ordinal)).Distinct())
        {
            Assert.True(unordered.Contains(type.Name) || typeof(IComparable).IsAssignableFrom(type), $"{type} has no order");
            Assert.NotEqual(typeof(object), type.GetMethod("ToString", [])!.DeclaringType);
        }
    }
}
