using System;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>Asking, planning, and what comes back of a change.</summary>
public sealed class ChangeConventionTests(Populated session)
{
    private static readonly string[] s_looking = ["Watch", "Get", "Test", "Show", "Compare", "Resolve", "ConvertTo"];

    [Fact]
    [Convention(9)]
    public void Looking_ignores_case_and_changing_does_not()
    {
        PrivateMachine.Require();
        Assert.NotEmpty(session.Run("Get-CniNetwork MYNET; Get-CniNamespace BLUE*; Get-CniAttachment -ContainerId BLUE").Succeeded().Output);
        string before = Populated.Picture();
        foreach (string command in new[] { "Remove-CniNamespace GREEN", "Remove-CniNetwork MYNET", "Add-CniAttachment MYNET green", "Set-CniNetwork MYNET -DisableCheck $true" })
        {
            Assert.Equal(ErrorCategory.ObjectNotFound, session.Run(command).Errors.Single().CategoryInfo.Category);
        }

        Assert.Equal(before, Populated.Picture());
    }

    // High for what touches what nobody has named: GC, and a repair, which may delete a rule of somebody's firewall.
    [Fact]
    [Convention(10)]
    public void What_changes_asks_at_its_level()
    {
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            CmdletAttribute attribute = cmdlet.ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>().Single();
            Assert.Equal(!s_looking.Contains(cmdlet.Verb), attribute.SupportsShouldProcess);
            Assert.Equal(
                cmdlet.Name is "Clear-CniNetwork" or "Repair-CniConnection" ? ConfirmImpact.High : attribute.SupportsShouldProcess ? ConfirmImpact.Medium : ConfirmImpact.None,
                attribute.ConfirmImpact);
        }

        // Who asks beyond that would ask in scripts as well.
        Assert.DoesNotContain(Repository.Files("src/CniPS", "*.cs"), file => System.IO.File.ReadAllText(file).Contains("ShouldContinue(", StringComparison.Ordinal));
    }

    [Fact]
    [Convention(11)]
    public void A_plan_is_an_object()
    {
        PrivateMachine.Require();
        CniPlan plan = Assert.Single(session.Run("Add-CniAttachment mynet green -WhatIf -PassThru").As<CniPlan>());
        Assert.NotEmpty(plan.Steps);
        Assert.NotNull(plan.PredictedResult);
    }

    [Fact]
    [Convention(17)]
    public void What_is_made_is_emitted_and_what_is_taken_away_when_asked()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("New-CniNamespace seventeen; Remove-CniNamespace seventeen").Succeeded();
        Assert.IsType<CniNamespace>(Assert.Single(outcome.Output).BaseObject);
        Assert.All(
            Cmdlets.All.Values.Where(cmdlet => cmdlet.Verb is "Add" or "Set" or "Remove" or "Clear" or "Convert" or "Repair" or "Stop" or "Update" or "Move"),
            cmdlet => Assert.True(cmdlet.Parameters.ContainsKey("PassThru"), cmdlet.Name));
    }
}
