using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What one cmdlet emits, the others take.</summary>
public sealed class PipelineTests(Populated session)
{
    public static TheoryData<string> Types() => [.. Populated.Types];

    // With -WhatIf the answer is a plan, else objects of the type that is named.
    [Theory]
    [InlineData("CniAttachment", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniAttachment", "Test-CniAttachment", "System.Boolean")]
    [InlineData("CniAttachment", "Get-CniResult", "CniPS.CniAddResult")]
    [InlineData("CniAttachment", "Get-CniLease", "CniPS.CniLease")]
    [InlineData("CniAttachment", "Get-CniTrace", "CniPS.CniTrace")]
    [InlineData("CniAttachment", "Get-CniNamespace", "CniPS.CniNamespace")]
    [InlineData("CniAttachment", "Get-CniNetwork", "CniPS.CniNetwork")]
    [InlineData("CniAttachment", "Resolve-CniInterface", "CniPS.CniInterfaceOwner")]
    [InlineData("CniAttachment", "Show-CniAttachment", "CniPS.CniTreeLine")]
    [InlineData("CniAttachment", "Export-CniTopology", "System.String")]
    [InlineData("CniAttachment", "ConvertTo-CniJson", "System.String")]
    [InlineData("CniAttachment", "Remove-CniAttachment -WhatIf", null)]
    [InlineData("CniAttachment", "Convert-CniAttachment -Backend Iptables -WhatIf", null)]
    [InlineData("CniNetwork", "Get-CniNetwork", "CniPS.CniNetwork")]
    [InlineData("CniNetwork", "Test-CniNetwork", "System.Boolean")]
    [InlineData("CniNetwork", "ConvertTo-CniJson", "System.String")]
    [InlineData("CniNetwork", "Get-CniPlugin", "CniPS.CniPlugin")]
    [InlineData("CniNetwork", "Add-CniAttachment -Namespace green -WhatIf", null)]
    [InlineData("CniNetwork", "Clear-CniNetwork -WhatIf", null)]
    [InlineData("CniNetwork", "Set-CniNetwork -Property @{ mtu = 1400 } -WhatIf", null)]
    [InlineData("CniNetwork", "Remove-CniNetwork -Force -WhatIf", null)]
    [InlineData("CniNamespace", "Get-CniNamespace", "CniPS.CniNamespace")]
    [InlineData("CniNamespace", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniNamespace", "Invoke-CniCommand -Command cat, /proc/net/dev", "System.String")]
    [InlineData("CniNamespace", "Add-CniAttachment other -Interface net1 -WhatIf", null)]
    [InlineData("CniNamespace", "Remove-CniNamespace -WhatIf", null)]
    [InlineData("CniPlan", "Compare-CniPlan", "CniPS.CniPlanStanding")]
    [InlineData("CniPlan", "Show-CniAttachment", "CniPS.CniTreeLine")]
    [InlineData("CniPlan", "Export-CniTopology -Format Svg", "System.String")]
    [InlineData("CniPlan", "ConvertTo-CniJson", "System.String")]
    [InlineData("CniLease", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniLease", "Remove-CniAttachment -WhatIf", null)]
    [InlineData("CniTrace", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniDifference", "Repair-CniAttachment -WhatIf", null)]
    [InlineData("CniDifference", "Remove-CniAttachment -WhatIf", null)]
    [InlineData("CniInterfaceOwner", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniInterfaceOwner", "Test-CniAttachment", "System.Boolean")]
    [InlineData("CniPlugin", "Get-CniPlugin", "CniPS.CniPlugin")]
    [InlineData("CniNode", "Remove-CniNode -WhatIf", null)]
    [InlineData("CniNode", "Get-CniNode", "CniPS.CniNode")]
    [InlineData("CniDhcpService", "Stop-CniDhcpService -WhatIf", null)]
    [InlineData("CniAttachment", "Get-CniExposure -Kind Isolation", "CniPS.CniExposure")]
    [InlineData("CniExposure", "Get-CniPortMapping", "CniPS.CniPortMapping")]
    [InlineData("CniPortMapping", "Get-CniPortMapping", "CniPS.CniPortMapping")]
    [InlineData("CniPortMapping", "Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("CniPortMapping", "Remove-CniAttachment -WhatIf", null)]
    [InlineData("CniAttachment", "Get-CniPortMapping", "CniPS.CniPortMapping")]
    [InlineData("CniNamespace", "Resolve-CniInterface", "CniPS.CniInterfaceOwner")]
    [InlineData("CniAddResult", "ConvertTo-CniJson", "System.String")]
    public void Binds_what_another_emits(string type, string command, string? emitted)
    {
        object[] samples = [.. session.Samples($"CniPS.{type}")];
        string before = Populated.Picture();
        Outcome outcome = session.Run($"param($objects) $objects | {command}", (object)samples).Succeeded();
        Assert.Equal(emitted is null, outcome.Plan.Count > 0);
        Assert.Equal(emitted is null, outcome.Output.Count == 0);
        Assert.All(outcome.Output, item => Assert.Equal(emitted, item.BaseObject.GetType().FullName));
        Assert.Equal(before, Populated.Picture());
    }

    [Theory]
    [InlineData("'mynet' | Get-CniAttachment", "CniPS.CniAttachment")]
    [InlineData("'my*' | Get-CniLease", "CniPS.CniLease")]
    [InlineData("'mynet' | Get-CniTrace", "CniPS.CniTrace")]
    [InlineData("'my*' | Get-CniNetwork", "CniPS.CniNetwork")]
    [InlineData("'bl*' | Get-CniNamespace", "CniPS.CniNamespace")]
    [InlineData("'host-*' | Get-CniPlugin", "CniPS.CniPlugin")]
    [InlineData("'blue' | Get-CniResult mynet", "CniPS.CniAddResult")]
    [InlineData("'8080', 8080 | Get-CniPortMapping", "CniPS.CniPortMapping")]
    [InlineData("'mynet' | Show-CniAttachment", "CniPS.CniTreeLine")]
    [InlineData("'mynet' | Export-CniTopology -Format Svg", "System.String")]
    [InlineData("'my*' | Resolve-CniInterface", "CniPS.CniInterfaceOwner")]
    [InlineData("Resolve-CniInterface", "CniPS.CniInterfaceOwner")]
    [InlineData("Get-CniAttachment -IPAddress 10.15.20.2", "CniPS.CniAttachment")]
    [InlineData("Get-CniAttachment -IPAddress 10.15.20.*, 10.99.0.1", "CniPS.CniAttachment")]
    [InlineData("Get-CniAttachment -Mac (Get-CniAttachment mynet).Mac.ToUpper()", "CniPS.CniAttachment")]
    [InlineData("Get-CniAttachment -HostInterface (Get-CniAttachment mynet).HostInterface", "CniPS.CniAttachment")]
    [InlineData("Get-CniAttachment -HostPort 8080", "CniPS.CniAttachment")]
    [InlineData("Get-CniLease -IPAddress 10.15.20.2", "CniPS.CniLease")]
    [InlineData("Get-CniLease -Mac (Get-CniAttachment mynet).Mac", "CniPS.CniLease")]
    [InlineData("Get-CniLease -HostInterface (Get-CniAttachment mynet).HostInterface", "CniPS.CniLease")]
    [InlineData("Get-CniLease -HostPort 8080", "CniPS.CniLease")]
    public void Takes_texts_and_finds_what_they_name(string script, string emitted)
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run(script).Succeeded();
        Assert.NotEmpty(outcome.Output);
        Assert.All(outcome.Output, item => Assert.Equal(emitted, item.BaseObject.GetType().FullName));
    }

    [Theory]
    [InlineData("Get-CniAttachment -IPAddress 10.15.20.22")]
    [InlineData("Get-CniAttachment -HostPort 8081")]
    [InlineData("Get-CniLease -HostPort 8081")]
    [InlineData("Get-CniLease -IPAddress 10.15.20.22")]
    [InlineData("Get-CniPortMapping 8081")]
    [InlineData("'nosuch*' | Get-CniAttachment")]
    public void Finds_nothing_where_nothing_is_of_it(string script)
    {
        PrivateMachine.Require();
        Assert.Empty(session.Run(script).Succeeded().Output);
    }

    // Whatever meets whatever: a property that has a parameter's name has a value that the parameter takes.
    [Theory]
    [MemberData(nameof(Types))]
    public void A_property_named_as_a_parameter_is_one(string type)
    {
        PSObject sample = session.Sample(type);
        string before = Populated.Picture();
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            Dictionary<string, object?> rest = cmdlet.Parameters.Values
                .Where(parameter => parameter.ParameterSets.Values.All(set => set.IsMandatory && !set.ValueFromPipeline && !set.ValueFromPipelineByPropertyName))
                .ToDictionary(parameter => parameter.Name, parameter => (object?)Values.For(parameter, session.Sample("CniPS.CniPlan")));
            if (cmdlet.Name == "Watch-CniEvent")
            {
                rest["Timeout"] = 0.01; // it would not end
            }

            string whatIf = Cmdlets.CanPlan(cmdlet) ? "-WhatIf" : "";
            Outcome outcome = session.Run($"param($sample, $rest) $sample | {cmdlet.Name} @rest {whatIf}", sample, rest);
            foreach (ErrorRecord error in outcome.AllErrors.Where(error => error.Exception is ParameterBindingException))
            {
                // What has nothing to do with it says just that.
                Assert.True(IsNoInput(error), $"{type} | {cmdlet.Name}: {error.FullyQualifiedErrorId} {error}");
            }
        }

        Assert.Equal(before, Populated.Picture());
    }

    // The next item has its turn, and says itself how it fares.
    [Fact]
    public void An_item_that_fails_keeps_no_other_from_its_turn()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("'mynet', 'nosuch', 'other' | Get-CniNetwork");
        Assert.Equal(["mynet", "other"], outcome.Output.Select(item => ((CniNetwork)item.BaseObject).Name));
        Assert.Equal("nosuch", Assert.Single(outcome.Errors).TargetObject);
        Assert.Null(outcome.Terminating);
    }

    // The list, as every other command means it, though the single plugin's file is read first.
    [Fact]
    public void Of_two_files_of_one_name_the_one_that_is_used_comes()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("cnips-twins-").FullName;
        try
        {
            System.IO.File.WriteAllText($"{folder}/1.conf", """{"cniVersion":"1.0.0","name":"twin","type":"bridge"}""");
            System.IO.File.WriteAllText($"{folder}/2.conflist", """{"cniVersion":"1.0.0","name":"twin","plugins":[{"type":"bridge"}]}""");
            Assert.Equal(
                [$"{folder}/2.conflist", $"{folder}/2.conflist", $"{folder}/1.conf", $"{folder}/2.conflist"],
                session.Run("(Get-CniNetwork twin $args[0]), (Get-CniNetwork tw* $args[0]), (Get-CniNetwork -Path $args[0]) | % { $_ } | % Path", folder)
                    .Output.Select(item => item.ToString()));
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsNoInput(ErrorRecord error) =>
        error.FullyQualifiedErrorId.StartsWith("InputObjectNotBound", StringComparison.Ordinal)
        || error.FullyQualifiedErrorId.StartsWith("InputObjectMissingMandatory", StringComparison.Ordinal)
        || error.FullyQualifiedErrorId.StartsWith("MissingMandatoryParameter", StringComparison.Ordinal);
}
