using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What Tab offers, asked as a console asks it.</summary>
public sealed class CompletionTests(Populated session)
{
    public static TheoryData<string, string> Completed() => Parameters(parameter => parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any());

    public static TheoryData<string, string> Enumerated() => Parameters(parameter => EnumOf(parameter) is not null);

    public static TheoryData<string, string> Listed() => Parameters(parameter => parameter.Attributes.OfType<ValidateSetAttribute>().Any());

    [Theory]
    [InlineData("Get-CniNetwork m", "mynet")]
    [InlineData("Add-CniAttachment -Network o", "other")]
    [InlineData("Add-CniAttachment mynet gr", "green")]
    [InlineData("Add-CniAttachment mynet -NetNS bl", "blue")]
    [InlineData("Get-CniNamespace t", "torn")]
    [InlineData("Invoke-CniCommand b", "blue")]
    [InlineData("Remove-CniAttachment other -ContainerId ", "c-torn")]
    [InlineData("Test-CniAttachment other -ContainerId c-torn -Interface ", "net9")]
    [InlineData("Resolve-CniInterface my", "my0")]
    [InlineData("Get-CniPlugin host-l", "host-local")]
    [InlineData("Set-CniNetwork mynet -Plugin b", "bridge")]
    [InlineData("New-CniNetwork a -Capability ma", "mac")]
    [InlineData("New-CniNetwork a -Bridge my", "my0")]
    [InlineData("Add-CniAttachment other green -IPAddress 10.15.21.3", "10.15.21.3")]
    [InlineData("Add-CniAttachment mynet green -PortMapping 80:22", "80:22/tcp")]
    [InlineData("Remove-CniAttachment other ", "torn")]
    [InlineData("Test-CniAttachment mynet ", "blue")]
    public void Offers_what_there_is(string line, string expected)
    {
        PrivateMachine.Require();
        Assert.Equal(expected, Assert.Single(session.Complete(line)).CompletionText);
    }

    // A question with three answers: yes, no, and as it is.
    [Theory]
    [InlineData("DisableCheck")]
    [InlineData("DisableGC")]
    public void Offers_yes_and_no(string parameter) =>
        Assert.Equal(["$true", "$false"], session.Complete($"Set-CniNetwork mynet -{parameter} ").Select(offer => offer.CompletionText));

    [Theory]
    [InlineData("Get-CniNetwork nosuch")]
    [InlineData("Invoke-CniCommand nosuch")]
    [InlineData("Get-CniPlugin nosuch")]
    public void Offers_nothing_of_its_own_where_nothing_fits(string line)
    {
        PrivateMachine.Require();
        Assert.DoesNotContain(session.Complete(line), offer => offer.ResultType == CompletionResultType.ParameterValue);
    }

    // Whatever has a completer has something to say on a machine where something is, and says of each what it is.
    [Theory]
    [MemberData(nameof(Completed))]
    public void A_completer_says_what_each_is(string command, string parameter)
    {
        PrivateMachine.Require();
        bool isOfNetwork = command.EndsWith("-CniNetworkPlugin", StringComparison.Ordinal) || command is "Set-CniNetwork" or "Add-CniAttachment";
        string given = isOfNetwork && parameter is "Plugin" or "Before" or "IPAddress" ? " mynet" : "";
        IReadOnlyList<CompletionResult> offers = session.Complete($"{command}{given} -{parameter} ");
        Assert.NotEmpty(offers);
        Assert.All(offers, offer => Assert.NotEqual(offer.ListItemText, offer.ToolTip.Trim()));
        Assert.All(offers, offer => Assert.Equal(CompletionResultType.ParameterValue, offer.ResultType));
    }

    [Theory]
    [MemberData(nameof(Enumerated))]
    public void A_parameter_of_few_values_offers_them_all(string command, string parameter) =>
        Assert.Equal(Enum.GetNames(EnumOf(Cmdlets.All[command].Parameters[parameter])!).Order(), Offered(command, parameter));

    [Theory]
    [MemberData(nameof(Listed))]
    public void A_parameter_of_listed_values_offers_them_all(string command, string parameter) => Assert.Equal(
        Cmdlets.All[command].Parameters[parameter].Attributes.OfType<ValidateSetAttribute>().Single().ValidValues.Order(),
        Offered(command, parameter).Select(text => text.Trim('\'')));

    private IEnumerable<string> Offered(string command, string parameter) =>
        session.Complete($"{command} -{parameter} ").Select(offer => offer.CompletionText).Order();

    private static Type? EnumOf(ParameterMetadata parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType.GetElementType() ?? parameter.ParameterType;
        return type.IsEnum ? type : null;
    }

    private static TheoryData<string, string> Parameters(Func<ParameterMetadata, bool> isMeant)
    {
        TheoryData<string, string> cases = [];
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            foreach (ParameterMetadata parameter in Cmdlets.Own(cmdlet).Where(isMeant))
            {
                cases.Add(cmdlet.Name, parameter.Name);
            }
        }

        return cases;
    }
}
