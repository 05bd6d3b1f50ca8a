using System;
using System.Linq;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Node.Blocks;
using CniPS.Plugins.Ipam;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>How many blocks a node is to have, of what is in use.</summary>
public sealed class BlockBalanceTests
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(10), s_long = TimeSpan.FromHours(1);

    private static readonly ClusterQuestion s_flat = Question(26, "10.1.0.1", "10.1.3.254"), s_six = Question(122, "fd00::1", "fd00::ffff");

    [Fact]
    public void OneMoreIsWantedWhenTheLastHasFewFreeAddresses()
    {
        Assert.Empty(Of(Use("10.1.0.64/26", 48)).Wanted);
        Assert.Same(s_flat, Assert.Single(Of(Use("10.1.0.64/26", 49)).Wanted));
        Assert.Empty(Of(Use("10.1.0.64/26", 64), Use("10.1.0.128/26", 3)).Wanted);
        Assert.Single(Of(Use("10.1.0.64/26", 64), Use("10.1.0.128/26", 60)).Wanted);
        Assert.Empty(BlockBalance.Of([s_flat], [Use("10.1.0.64/26", 60)], s_idle, spares: false).Wanted);
        Assert.Empty(Of().Wanted); // nobody has asked for the first

        // The subnet's own address is none of the range: 63 can be given out.
        Assert.Single(Of(Use("10.1.0.0/26", 48)).Wanted);

        // Large blocks: sixty-four are enough.
        ClusterQuestion large = Question(16, "10.0.0.1", "10.255.255.254");
        Assert.Empty(BlockBalance.Of([large], [Use("10.7.0.0/16", 65536 - 64)], s_idle, spares: true).Wanted);
        Assert.Single(BlockBalance.Of([large], [Use("10.7.0.0/16", 65536 - 63)], s_idle, spares: true).Wanted);
    }

    [Fact]
    public void WhatIsEmptyGoesBackButForWhatIsToBeFree()
    {
        Assert.Equal(["10.1.0.128/26"], Back(Use("10.1.0.64/26", 3), Use("10.1.0.128/26", 0, s_long)));
        Assert.Empty(Back(Use("10.1.0.64/26", 3), Use("10.1.0.128/26", 0, s_idle - TimeSpan.FromSeconds(1))));
        Assert.Empty(Back(Use("10.1.0.64/26", 60), Use("10.1.0.128/26", 0, s_long))); // it is the spare
        Assert.Equal(["10.1.0.192/26"], Back(Use("10.1.0.64/26", 60), Use("10.1.0.128/26", 0, s_long), Use("10.1.0.192/26", 0, s_long)));
    }

    [Fact]
    public void TheLastIsKeptWarmForADay()
    {
        Assert.Equal(["10.1.0.128/26"], Back(Use("10.1.0.64/26", 0, s_long), Use("10.1.0.128/26", 0, s_long)));
        Assert.Empty(Back(Use("10.1.0.64/26", 0, s_long)));
        Assert.Equal(["10.1.0.64/26"], Back(Use("10.1.0.64/26", 0, TimeSpan.FromDays(1))));
        Assert.Single(BlockBalance.Of([s_flat], [Use("10.1.0.64/26", 0, s_long)], s_idle, spares: false).GivenBack);
    }

    [Fact]
    public void ZeroKeepsAll() =>
        Assert.Empty(BlockBalance.Of([s_flat], [Use("10.1.0.64/26", 0, TimeSpan.FromDays(9)), Use("10.9.0.0/26", 0, TimeSpan.FromDays(9))], TimeSpan.Zero, spares: false).GivenBack);

    [Fact]
    public void EachRangeSetIsWeighedAlone()
    {
        BlockBalance balance = BlockBalance.Of(
            [s_flat, s_six], [Use("10.1.0.64/26", 3), Use("fd00::40/122", 60), Use("10.1.0.128/26", 0, s_long), Use("10.9.0.0/26", 0, s_long)], s_idle, spares: true);
        Assert.Equal([s_six], balance.Wanted);
        Assert.Equal(["10.1.0.128/26", "10.9.0.0/26"], balance.GivenBack.Select(block => block.ToString())); // the last is of no range that is asked for any more
    }

    private static string[] Back(params BlockUse[] uses) => [.. Of(uses).GivenBack.Select(block => block.ToString())];

    private static BlockBalance Of(params BlockUse[] uses) => BlockBalance.Of([s_flat], uses, s_idle, spares: true);

    private static BlockUse Use(string block, int used, TimeSpan emptyFor = default) => new(IpPrefix.Parse(block), used, emptyFor);

    private static ClusterQuestion Question(int size, string first, string last) =>
        new() { Command = "BLOCK", Network = "net", BlockSize = size, Ranges = [(IPAddress.Parse(first), IPAddress.Parse(last))] };
}
