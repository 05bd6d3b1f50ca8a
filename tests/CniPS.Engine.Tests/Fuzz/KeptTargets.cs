using System;
using System.Text;
using CniPS.Linux.Nftables;
using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Plugins.Meta;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Fuzz;

/// <summary>Fuzz targets for what plugins keep in files and comments of their own, and for what other programs answer.</summary>
public sealed class KeptTargets
{
    private static readonly byte[] s_sysctls = """{"name":"n","sysctl":{"net.ipv4.conf.eth0.log_martians":"1"}}"""u8.ToArray();

    private static readonly PluginRequest s_request = new() { Verb = CniVerb.Add, Config = """{"cniVersion":"1.0.0","name":"n","type":"x"}"""u8.ToArray() };

    [Fact]
    public void WhatTuningChanged() => Mutator.Run(
        "tuning-backup", ["""{"mac": "02:00:00:00:00:01", "promisc": false, "mtu": 1500, "allmulti": true, "txQLen": 1000}"""u8.ToArray()], bytes => TuningBackup.Read(bytes), _ => false);

    [Fact]
    public void WhatFlannelDelegated() => Mutator.Run(
        "flannel-delegate",
        ["""{"cniVersion":"1.0.0","name":"n","type":"bridge","ipam":{"type":"host-local","subnet":"10.244.1.0/24","dataDir":"/run/nowhere"}}"""u8.ToArray()],
        bytes =>
        {
            if (FlannelDelegate.Read(bytes) is { } kept)
            {
                _ = kept.Network;
                kept.ClaimOf("a", "/nowhere");
            }
        },
        _ => false);

    [Fact]
    public void WhatAMachineSets()
    {
        using Sandbox box = new();
        string file = System.IO.Path.Join(box.Folder, MachineSettings.FileName);
        Mutator.Run("machine", ["""{"backend": "iptables"}"""u8.ToArray(), MachineSettings.WriteBackend(RuleBackend.Nftables).ToArray()], bytes =>
        {
            System.IO.File.WriteAllBytes(file, bytes);
            MachineSettings.ReadBackend(box.Host, file);
        }, IsTyped, runs: 500);
    }

    [Fact]
    public void WhatSysctlsAreAllowed() => Mutator.Run(
        "sysctl-allowlist",
        ["^net\\.ipv4\\.conf\\.[a-z0-9]*\\.log_martians$\nnet.(core|ipv6)\n"u8.ToArray()],
        bytes => SysctlAllowList.Check(bytes, TuningSysctl.Read(new PluginConfigReader(PluginConfiguration.ParseRequest(s_sysctls)).GetObject("sysctl"), null, "eth0")),
        IsTyped);

    [Fact]
    public void WhomACommentNames() => Mutator.Run("comment", ["net eth0 container"u8.ToArray(), Encoding.UTF8.GetBytes(AttachmentComment.Of("net", new string('c', 200), "eth0"))], bytes =>
    {
        string comment = Encoding.UTF8.GetString(bytes);
        AttachmentComment.Read(comment, "net");
        AttachmentComment.IsOfContainer(comment, "container");
        Assert.Equal(NftComment.Fit(comment), NftComment.Fit(NftComment.Fit(comment)));
        AttachmentComment.AreOfOneContainer(comment, "net eth0 container");
    }, _ => false);

    [Fact]
    public void WhatTheDhcpDaemonAnswers()
    {
        CniException error = new(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.TryAgainLater, "no");
        Mutator.Run(
            "dhcp-answer",
            [
                new DhcpAnswer { Result = CniResult.Parse(Samples.Results[0]), WasThere = true }.ToLine().ToArray(),
                """{"cnips":1,"leases":[{"network":"n","containerId":"a","ifname":"eth0","netns":"/n","state":"BOUND","address":"10.1.0.2/24","server":"10.1.0.1","expires":"2026-01-01T00:00:00+00:00"}]}"""u8.ToArray(),
            ],
            bytes => DhcpAnswer.Parse(bytes, "/nowhere"),
            IsTyped);
        Mutator mutator = new(3);
        for (int i = 0; i < 500; i++)
        {
            byte[] line = mutator.Spoil(new DhcpAnswer { Error = error }.ToLine().ToArray());
            Exception? thrown = Record.Exception(() => DhcpAnswer.Parse(line, "/nowhere"));
            Assert.True(thrown is null || IsTyped(thrown), $"{thrown} for {Encoding.UTF8.GetString(line)}");
        }
    }

    [Fact]
    public void WhatAPluginPrints() => Mutator.Run("plugin-output", Samples.Results, bytes => CniResult.ParseOutput(bytes, "1.0.0"), IsTyped);

    [Fact]
    public void HowAPluginFails() => Mutator.Run(
        "plugin-error",
        ["""{"cniVersion":"1.0.0","code":7,"msg":"no","details":"none"}"""u8.ToArray()],
        bytes =>
        {
            ProgramOutcome outcome = new(new ProgramCommand("/nowhere/x"), ProgramEnd.Exited, 1, bytes, default);
            Assert.True(IsTyped(ProgramAnswer.Error(outcome, s_request, "x", libcniMessages: true)));
        },
        _ => false);

    private static bool IsTyped(Exception e) => e is CniException { ErrorId: not ("CniUnforeseen" or "") };
}
