using System.Collections.Generic;
using System.Linq;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>Plans as objects, and how they stand to what is.</summary>
public sealed class PlanTests
{
    private static OperationPlan PlanAdd(TestNetwork network, Attachment attachment, RuntimeOptions? options = null)
    {
        PlanRecorder recorder = new();
        CniRuntime runtime = new(new PlannedHost(network.Sandbox.Host), options ?? network.Options, recorder);
        recorder.Result = runtime.Add(network.List, attachment, TestContext.Current.CancellationToken);
        return recorder.ToPlan("ADD", network.List.Name, attachment);
    }

    private static List<ChangeStanding> Standings(TestNetwork network, OperationPlan plan) =>
        [.. PlanComparison.Compare(network.Sandbox.Host, plan).Select(o => o.Outlook.Standing)];

    [Fact]
    public void APlanSaysWhoChangesWhatAndWhatIsShared()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        OperationPlan plan = PlanAdd(network, network.Attachment("blue"));
        Assert.True(plan.IsComplete);
        Assert.Null(plan.EndsAt);
        Assert.Equal("10.15.20.2/24", plan.PredictedResult!.Ips[0].Address.ToString());
        Assert.Null(plan.PredictedResult.Interfaces[2].Mac);

        PlanStep Step(string kind, string text) => plan.Steps.First(s => s.Kind == kind && s.Text.Contains(text));
        Assert.True(Step("BridgeAdd", TestNetwork.Bridge).IsShared);
        Assert.Equal("bridge", Step("BridgeAdd", TestNetwork.Bridge).PluginType);
        Assert.False(Step("VethAdd", "eth0").IsShared);
        Assert.Equal("host-local", Step("FileCreate", "10.15.20.2").PluginType);
        Assert.True(Step("AddressAdd", "10.15.20.1/24").IsShared);
        Assert.True(Step("SysctlWrite", "ip_forward").IsShared);
        Assert.True(Step("NftTableAdd", "cnips").IsShared);
        Assert.False(Step("NftElementAdd", "10.15.20.2").IsShared);
        Assert.Null(Step("FileWrite", "mybridge-blue-eth0").PluginType);
    }

    [Fact]
    public void APlanIsToDoBeforeAndDoneAfterAndToDoAgainWhenItIsUndone()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"hairpinMode\": true");
        OperationPlan plan = PlanAdd(network, network.Attachment("blue"));
        string before = network.Snapshot();
        Assert.All(Standings(network, plan), standing => Assert.Equal(ChangeStanding.ToDo, standing));
        Assert.Equal(before, network.Snapshot());

        network.Add("blue");
        Assert.All(
            PlanComparison.Compare(network.Sandbox.Host, plan),
            outlook => Assert.True(outlook.Outlook.Standing == ChangeStanding.Done, $"{outlook.Outlook}: {outlook.Step.Text}"));

        network.In("blue", "ip addr del 10.15.20.2/24 dev eth0");
        network.Sandbox.RunOnHost("nft flush set inet cnips masquerade4-24");
        List<string> toDo =
            [.. PlanComparison.Compare(network.Sandbox.Host, plan).Where(o => o.Outlook.Standing == ChangeStanding.ToDo).Select(o => o.Step.Kind)];
        Assert.Equal(["AddressAdd", "RouteAdd", "NftElementAdd"], toDo);

        network.Delete("blue");
        List<StepOutlook> after = [.. PlanComparison.Compare(network.Sandbox.Host, plan)];
        Assert.DoesNotContain(after, o => o.Outlook.Standing == ChangeStanding.Conflict);
        Assert.Contains(after, o => o.Outlook.Standing == ChangeStanding.Done && o.Step.IsShared);
        Assert.Contains(after, o => o.Outlook.Standing == ChangeStanding.ToDo && o.Step.Kind == "VethAdd");
    }

    [Fact]
    public void WhatOthersHaveTakenMeanwhileIsAConflict()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        OperationPlan plan = PlanAdd(network, network.Attachment("blue"));
        network.Add("red"); // takes the address
        network.In("blue", "ip link add eth0 type bridge");
        List<StepOutlook> outlooks = [.. PlanComparison.Compare(network.Sandbox.Host, plan)];
        StepOutlook Of(string kind) => outlooks.Single(o => o.Step.Kind == kind);
        Assert.Equal(ChangeStanding.Conflict, Of("VethAdd").Outlook.Standing);
        Assert.Contains("exists", Of("VethAdd").Outlook.Reason);
        Assert.Equal(ChangeStanding.Conflict, Of("FileCreate").Outlook.Standing);
        Assert.Equal(ChangeStanding.Conflict, Of("NftElementAdd").Outlook.Standing);
        Assert.Equal(ChangeStanding.Done, Of("BridgeAdd").Outlook.Standing);
    }

    [Fact]
    public void APlanForANamespaceThatAnotherHasReplacedIsAConflict()
    {
        using TestNetwork network = new();
        OperationPlan plan = PlanAdd(network, network.Attachment("blue"));
        // The other is there before the first ends: the kernel gives the number of one that has ended to the next.
        string name = network.Container("blue");
        CniPS.Tests.Sandbox.Run($"ip netns add {name}-other && ip netns del {name} && touch /run/netns/{name} && mount --bind /run/netns/{name}-other /run/netns/{name}");
        List<StepOutlook> outlooks = [.. PlanComparison.Compare(network.Sandbox.Host, plan)];
        CniPS.Tests.Sandbox.Run($"ip netns del {name}-other");
        Assert.Equal(ChangeStanding.Conflict, outlooks.Single(o => o.Step.Kind == "VethAdd").Outlook.Standing);
    }

    [Fact]
    public void APlanOfDeletionIsDoneWhereNothingIsLeft()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        PlanRecorder recorder = new();
        new CniRuntime(new PlannedHost(network.Sandbox.Host), network.Options, recorder)
            .Delete(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        OperationPlan plan = recorder.ToPlan("DEL", "mybridge", network.Attachment("blue"));
        Assert.All(Standings(network, plan), standing => Assert.Equal(ChangeStanding.ToDo, standing));
        network.Delete("blue");
        Assert.All(Standings(network, plan), standing => Assert.Equal(ChangeStanding.Done, standing));
    }

    [Fact]
    public void APlanEndsWhereAProgramDecides()
    {
        using TestNetwork network = new();
        string program = System.IO.Path.Combine(network.Sandbox.Folder, "mystery");
        System.IO.File.WriteAllText(program, "#!/bin/sh\nexit 1\n");
        CniPS.Tests.Sandbox.Run($"chmod +x {program}");
        network.List = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(network.List.Bytes.Span).Replace("} } ] }", "} }, {\"type\": \"mystery\"}, {\"type\": \"loopback\"} ] }")));
        OperationPlan plan = PlanAdd(
            network, network.Attachment("blue"), network.Options with { PluginSource = default, PluginPath = [network.Sandbox.Folder] });
        Assert.Equal("mystery", plan.EndsAt);
        Assert.False(plan.IsComplete);
        Assert.Null(plan.PredictedResult);
        Assert.Contains("After it: loopback", Assert.Single(plan.Warnings));
        Assert.Equal("mystery", plan.Steps[^1].PluginType);
        Assert.Equal(ChangeStanding.Unknown, Standings(network, plan)[^1]);
    }
}
