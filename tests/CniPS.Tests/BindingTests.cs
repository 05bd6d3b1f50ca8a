using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>How PowerShell puts what is written onto parameters: the rules that hold for every cmdlet of the module.</summary>
public sealed class BindingTests(Populated session)
{
    public static TheoryData<string> Names() => Cmdlets.Names();

    public static TheoryData<string, string> Sets()
    {
        TheoryData<string, string> cases = [];
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
            {
                cases.Add(cmdlet.Name, set.Name);
            }
        }

        return cases;
    }

    // The mandatory ones alone, then with each of the others, by its name and by each of its aliases.
    [Theory]
    [MemberData(nameof(Sets))]
    public void A_parameter_set_binds_by_name(string command, string setName)
    {
        PrivateMachine.Require();
        CmdletInfo cmdlet = Cmdlets.All[command];
        CommandParameterSetInfo set = cmdlet.ParameterSets.Single(set => set.Name == setName);
        foreach (CommandParameterInfo parameter in Cmdlets.Own(set))
        {
            foreach (string name in parameter.Aliases.Prepend(parameter.Name))
            {
                Dictionary<string, object?> given = Mandatory(cmdlet, set);
                given.Remove(parameter.Name);
                given[name] = ValueOf(cmdlet, parameter.Name);
                Binds(cmdlet, given);
            }
        }

        Binds(cmdlet, Mandatory(cmdlet, set));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Positions_have_neither_gaps_nor_doubles(string command, string setName)
    {
        CommandParameterSetInfo set = Cmdlets.All[command].ParameterSets.Single(set => set.Name == setName);
        IReadOnlyList<int> positions = [.. set.Parameters.Select(parameter => parameter.Position).Where(position => position >= 0).Order()];
        Assert.Equal(Enumerable.Range(0, positions.Count), positions);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_mandatory_is_asked_for_and_nothing_is_done_without_it(string command)
    {
        PrivateMachine.Require();
        CmdletInfo cmdlet = Cmdlets.All[command];
        CommandParameterSetInfo set = cmdlet.ParameterSets.FirstOrDefault(set => set.IsDefault) ?? cmdlet.ParameterSets[0];
        IReadOnlyList<string> mandatory = [.. set.Parameters.Where(parameter => parameter.IsMandatory).Select(parameter => parameter.Name).Order()];
        Outcome outcome = session.Call(command, Planned(cmdlet, []));
        Assert.Equal(mandatory, outcome.Asked.Order());
        Assert.Equal(mandatory.Count > 0, outcome.Terminating?.Exception is ParameterBindingException);
        if (mandatory.Count > 0)
        {
            Assert.Equal(ErrorCategory.InvalidArgument, outcome.Terminating!.CategoryInfo.Category);
            Assert.Empty(outcome.Output);
            Assert.Empty(outcome.Plan);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void What_is_mandatory_can_not_be_null(string command, string setName)
    {
        PrivateMachine.Require();
        CmdletInfo cmdlet = Cmdlets.All[command];
        CommandParameterSetInfo set = cmdlet.ParameterSets.Single(set => set.Name == setName);
        foreach (CommandParameterInfo parameter in set.Parameters.Where(parameter => parameter.IsMandatory && parameter.ParameterType != typeof(SwitchParameter)))
        {
            Dictionary<string, object?> given = Mandatory(cmdlet, set);
            given[parameter.Name] = null;
            ErrorRecord? refusal = session.Call(command, Planned(cmdlet, given)).Terminating;
            bool allowsNull = parameter.Attributes.OfType<AllowNullAttribute>().Any();
            Assert.True(allowsNull == (refusal?.Exception is not ParameterBindingException), $"-{parameter.Name} $null: {refusal}");
        }
    }

    [Theory]
    [MemberData(nameof(CompletionTests.Enumerated), MemberType = typeof(CompletionTests))]
    public void A_word_that_is_none_of_the_few_is_refused_with_those_that_are(string command, string parameter)
    {
        PrivateMachine.Require();
        CmdletInfo cmdlet = Cmdlets.All[command];
        Dictionary<string, object?> given = Mandatory(cmdlet, cmdlet.ParameterSets[0]);
        given[parameter] = "NoSuchWord";
        ErrorRecord refusal = Assert.IsType<ErrorRecord>(session.Call(command, Planned(cmdlet, given)).Terminating);
        Assert.IsType<ParameterBindingException>(refusal.Exception, exactMatch: false);
        Assert.Contains($"'{parameter}'", refusal.ToString(), StringComparison.Ordinal);
        Assert.Contains(session.Complete($"{command} -{parameter} ")[0].CompletionText, refusal.ToString(), StringComparison.Ordinal);
    }

    // What Invoke-CniCommand does not know itself belongs to the program.
    public static TheoryData<string> NamesWithoutRest() => [.. Cmdlets.All.Values
        .Where(cmdlet => !cmdlet.ParameterSets.Any(set => set.Parameters.Any(parameter => parameter.ValueFromRemainingArguments)))
        .Select(cmdlet => cmdlet.Name).Order()];

    [Theory]
    [MemberData(nameof(NamesWithoutRest))]
    public void A_parameter_that_there_is_not_is_refused(string command)
    {
        PrivateMachine.Require();
        ErrorRecord refusal = Assert.IsType<ErrorRecord>(session.Call(command, [new("NoSuchParameter", 1)]).Terminating);
        Assert.StartsWith("NamedParameterNotFound,", refusal.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    // Several at once, as text and as objects.
    [Fact]
    public void Several_namespaces_bind_by_name()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            New-CniNamespace several1, several2, several3 | Out-Null
            Remove-CniNamespace (Get-CniNamespace several1, several2) -PassThru
            Remove-CniNamespace several3, (New-CniNamespace several4) -PassThru
            """).Succeeded();
        Assert.Equal(["several1", "several2", "several3", "several4"], outcome.Output.Select(item => item.ToString()));
    }

    private void Binds(CmdletInfo cmdlet, Dictionary<string, object?> given)
    {
        Outcome outcome = session.Call(cmdlet.Name, Planned(cmdlet, given));
        ErrorRecord? refusal = outcome.AllErrors.FirstOrDefault(error => error.Exception is ParameterBindingException);
        Assert.True(refusal is null, $"{cmdlet.Name} -{string.Join(" -", given.Keys)}: {refusal}");
        Assert.Empty(outcome.Asked);
    }

    private Dictionary<string, object?> Mandatory(CmdletInfo cmdlet, CommandParameterSetInfo set) => set.Parameters
        .Where(parameter => parameter.IsMandatory)
        .ToDictionary(parameter => parameter.Name, parameter => (object?)ValueOf(cmdlet, parameter.Name));

    private object ValueOf(CmdletInfo cmdlet, string parameter) => Values.For(cmdlet.Parameters[parameter], session.Sample("CniPS.CniPlan"));

    private static Dictionary<string, object?> Planned(CmdletInfo cmdlet, Dictionary<string, object?> given)
    {
        if (Cmdlets.CanPlan(cmdlet))
        {
            given["WhatIf"] = true;
        }

        if (cmdlet.Name == "Watch-CniEvent")
        {
            given["Timeout"] = 0.01; // it would not end
        }

        return given;
    }
}
