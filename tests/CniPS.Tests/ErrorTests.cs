using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Spec;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>What goes wrong is an error record with an id, a category, a target and advice, and obeys <c>-ErrorAction</c>.</summary>
public sealed class ErrorTests(Populated session)
{
    public static TheoryData<string, string, ErrorCategory, string?> Failures() => new()
    {
        { "Add-CniAttachment nosuch blue", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Add-CniAttachment mynet blue", "CniAttachmentExists", ErrorCategory.ResourceExists, "container blue, interface eth0" },
        { "Add-CniAttachment mynet nosuch", "CniInvalidNamespace", ErrorCategory.ObjectNotFound, null },
        { "Add-CniAttachment mynet green -ContainerId 'a b'", "CniInvalidName", ErrorCategory.InvalidArgument, "a b" },
        { "Add-CniNetworkPlugin nosuch portmap", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Add-CniNetworkPlugin mynet bridge", "CniInvalidArgs", ErrorCategory.InvalidArgument, "bridge" },
        { "Clear-CniNetwork nosuch -Confirm:$false", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Convert-CniAttachment mynet green -Backend Iptables", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "green" },
        { "ConvertTo-CniJson 5", "CniInvalidValue", ErrorCategory.InvalidArgument, "5" },
        { "Get-CniAttachment nosuch", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniAttachment -ContainerId nosuch", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniAttachment -Namespace nosuch", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniAttachment -HostInterface nosuch0", "CniInterfaceNotFound", ErrorCategory.ObjectNotFound, "nosuch0" },
        { "Get-CniLease -HostInterface nosuch0", "CniInterfaceNotFound", ErrorCategory.ObjectNotFound, "nosuch0" },
        { "Get-CniTrace -Plugin nosuch", "CniPluginNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniTrace nosuch", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniLease -ContainerId nosuch", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniNamespace 4194305", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "4194305" },
        { "Get-CniDhcpLease -SocketPath /run/none.sock", "CniDhcpDaemonUnavailable", ErrorCategory.ObjectNotFound, null },
        { "Get-CniNode nosuch -SocketPath /run/sample-node.sock", "CniNodeNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniNode -SocketPath /run/none.sock", "CniClusterDaemonUnavailable", ErrorCategory.ObjectNotFound, null },
        { "Remove-CniNode n1 -SocketPath /run/none.sock", "CniClusterDaemonUnavailable", ErrorCategory.ObjectNotFound, null },
        { "Get-CniExposure nosuch", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniLease nosuch", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniNamespace nosuch", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniNetwork nosuch", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniNetwork -Path /run/none", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "/run/none" },
        { "Get-CniPlugin nosuch", "CniPluginNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniPortMapping -ContainerId nosuch", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Get-CniResult mynet green", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "green" },
        { "Get-CniStatistic -ContainerId nosuch", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Save-CniCapture /run/none.pcapng -Link nosuch0", "CniLinkNotFound", ErrorCategory.ObjectNotFound, "nosuch0" },
        { "Save-CniCapture /run/none.pcapng -ContainerId nosuch", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Save-CniCapture /run/none.pcapng -Link lo -Namespace nosuch", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Invoke-CniCommand nosuch -Command true", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Move-CniAttachment mynet blue -To mynet", "CniInvalidArgs", ErrorCategory.InvalidArgument, "mynet" },
        { "New-CniNamespace blue", "CniNamespaceExists", ErrorCategory.ResourceExists, "blue" },
        { "New-CniNetwork mynet -OutFile /etc/cni/net.d/10-mynet.conflist", "CniFileExists", ErrorCategory.ResourceExists, "/etc/cni/net.d/10-mynet.conflist" },
        { "Remove-CniAttachment nosuch blue", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Remove-CniNamespace nosuch", "CniNamespaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Remove-CniNetwork mynet", "CniNetworkInUse", ErrorCategory.ResourceBusy, "mynet" },
        { "New-CniNetwork n -Type portmap", "CniInvalidNetworkConfig", ErrorCategory.InvalidData, null },
        { "Remove-CniNetworkPlugin mynet sbr", "CniInvalidArgs", ErrorCategory.InvalidArgument, "sbr" },
        { "Repair-CniAttachment mynet green", "CniAttachmentDiffers", ErrorCategory.InvalidResult, null },
        { "Resolve-CniInterface nosuch", "CniInterfaceNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Set-CniNetwork nosuch -DisableCheck $true", "CniNetworkNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Set-CniNetwork mynet @{ mtu = 'large' }", "CniInvalidNetworkConfig", ErrorCategory.InvalidData, "plugins[0].mtu" },
        { "Start-CniDhcpService /run/a.sock -Timeout 0", "CniInvalidValue", ErrorCategory.InvalidArgument, "00:00:00" },
        { "Test-CniAttachment mynet green", "CniAttachmentDiffers", ErrorCategory.InvalidResult, null },
        { "Test-CniAttachment other torn -ContainerId c-torn -Interface net9", "CniAttachmentDiffers", ErrorCategory.InvalidResult, null },
        { "Repair-CniConnection nosuch host", "CniEndNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Test-CniConnection blue nosuch", "CniEndNotFound", ErrorCategory.ObjectNotFound, "nosuch" },
        { "Test-CniConnection blue host -Port 9", "CniNotListening", ErrorCategory.InvalidOperation, null },
        { "Test-CniNetwork /run/wrong.conflist", "CniInvalidNetworkConfig", ErrorCategory.InvalidData, null },
        { "Update-CniAttachment mynet green", "CniAttachmentNotFound", ErrorCategory.ObjectNotFound, "green" },
    };

    /// <summary>Those that end the command, since no other item can fare better.</summary>
    public static TheoryData<string, string> Refusals() => new()
    {
        { "Clear-CniNetwork mynet -Force", "CniInvalidArgs" },
        { "Export-CniTopology -Path /run/picture.doc", "CniInvalidArgs" },
        { "Get-CniExposure -Path /run/exposure.svg", "CniInvalidArgs" },
        { "Test-CniConnection blue host -Path /run/picture.doc", "CniInvalidArgs" },
        { "Test-CniNetwork mynet -Timeout 0", "CniInvalidArgs" },
        { "Get-CniStatistic -Interval 0", "CniInvalidValue" },
        { "Watch-CniEvent -Timeout 0", "CniInvalidValue" },
        { "Save-CniCapture /run/none.pcapng mynet -Duration 0", "CniInvalidValue" },
        { "Save-CniCapture /run/none.pcapng mynet -Filter 'port x'", "CniInvalidArgs" },
        { "Test-CniConnection blue -To host -Published 8080", "CniInvalidArgs" },
        { "Repair-CniConnection blue -To host -Published 8080", "CniInvalidArgs" },
        { "Compare-CniPlan 5", "CannotConvertArgumentNoMessage" },
        { "Get-CniTrace -Last 0", "ParameterArgumentValidationError" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Has_an_id_a_category_a_target_and_advice(string command, string id, ErrorCategory category, string? target)
    {
        PrivateMachine.Require();
        string before = Populated.Picture();
        Outcome outcome = session.Run(command);
        Assert.Null(outcome.Terminating);
        ErrorRecord error = Assert.IsType<ErrorRecord>(outcome.Errors[0]);
        Assert.Equal($"{id},{Cmdlets.All[command.Split(' ')[0]].ImplementingType}", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotNull(error.TargetObject);
        Assert.Equal(target ?? error.TargetObject.ToString(), error.TargetObject.ToString());
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails.RecommendedAction));
        Assert.IsType<CniException>(error.Exception, exactMatch: false);
        Assert.Empty(outcome.Console);
        Assert.DoesNotContain(outcome.Output, item => item.BaseObject is not false);
        Assert.Equal(before, Populated.Picture());
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Obeys_ErrorAction(string command, string id, ErrorCategory category, string? target)
    {
        PrivateMachine.Require();
        Assert.NotNull(category.ToString() + target);
        Outcome stopped = session.Run($"{command} -ErrorAction Stop; 'went on'");
        HasId(id, stopped.Terminating);
        Assert.Empty(stopped.Output);

        Outcome silent = session.Run($"$Error.Clear(); {command} -ErrorAction SilentlyContinue | Out-Null; $Error[0]").Succeeded();
        HasId(id, Assert.Single(silent.Output).BaseObject);

        Outcome ignored = session.Run($"$Error.Clear(); {command} -ErrorAction Ignore | Out-Null; $Error.Count").Succeeded();
        Assert.Equal(0, Assert.Single(ignored.Output).BaseObject);

        Outcome kept = session.Run($"{command} -ErrorAction SilentlyContinue -ErrorVariable kept | Out-Null; $kept[0]").Succeeded();
        HasId(id, Assert.Single(kept.Output).BaseObject);
    }

    // Above /proc/sys/kernel/pid_max, so there is none.
    [Theory]
    [InlineData("Get-CniNamespace 4194305")]
    [InlineData("Get-CniNamespace /proc/4194305/ns/net")]
    [InlineData("Invoke-CniCommand 4194305 -Command true")]
    [InlineData("Add-CniAttachment mynet 4194305")]
    [InlineData("Resolve-CniInterface eth0 -Namespace 4194305")]
    public void A_process_that_is_gone_is_called_that(string command)
    {
        PrivateMachine.Require();
        Assert.Contains("there is no process 4194305", Assert.Single(session.Run(command).Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_ends_the_command(string command, string id)
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run($"'mynet' | ForEach-Object {{ {command} }}");
        HasId(id, Assert.Single(outcome.AllErrors));
        Assert.Empty(outcome.Output);
    }

    // What lists nothing where there is nothing has no error of its own; every other is in one of the tables.
    [Fact]
    public void Every_cmdlet_is_seen_to_fail()
    {
        IEnumerable<string> tried = Failures().Select(row => row.Data.Item1).Concat(Refusals().Select(row => row.Data.Item1)).Select(command => command.Split(' ')[0]);
        Assert.Equal(["Show-CniAttachment", "Stop-CniDhcpService"], Cmdlets.All.Keys.Except(tried).Order());
    }

    // Behind the comma PowerShell puts the cmdlet.
    private static void HasId(string id, object? record) => Assert.StartsWith(id + ",", Assert.IsType<ErrorRecord>(record).FullyQualifiedErrorId, StringComparison.Ordinal);
}
