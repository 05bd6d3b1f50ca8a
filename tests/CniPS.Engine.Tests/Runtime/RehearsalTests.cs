using System.IO;
using System.Linq;
using CniPS.Engine.Tests.Plugins;
using CniPS.Runtime;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What readies the engine beforehand goes the way of an ADD, and leaves no trace.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public void ARehearsalGoesTheWholeWayAndChangesNothing()
    {
        using TestNetwork network = new("");
        string before = network.Snapshot();
        bool changed = false;
        OperationPlan plan = Rehearsal.Run(new CountingHost(network.Sandbox.Host, () => changed = true));

        Assert.True(plan.IsComplete);
        Assert.Equal("192.0.2.2/24", plan.PredictedResult!.Ips[0].Address.ToString());
        Assert.Equal(
            ["AddressAdd", "BridgeAdd", "FileCreate", "FileWrite", "LinkSet", "RouteAdd", "VethAdd"],
            plan.Steps.Select(step => step.Kind).Distinct().Order().Except(["ArpNotifySet", "FolderCreate", "SysctlWrite"]));
        Assert.False(changed);
        Assert.Equal(before, network.Snapshot());
        Assert.False(Directory.Exists("/nonexistent"));
    }
}
