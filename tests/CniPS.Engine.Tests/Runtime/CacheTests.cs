using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Runtime;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>How the results that are kept are read.</summary>
public sealed class CacheTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_first_of_many_is_there_before_the_others_are_read()
    {
        Directory.CreateDirectory(_bench.Results);
        foreach (string container in (string[])["a", "b", "c"])
        {
            File.WriteAllText(
                Path.Join(_bench.Results, $"n-{container}-eth0"),
                $$$"""{"kind":"cniCacheV1","containerId":"{{{container}}}","config":"","ifName":"eth0","networkName":"n","result":{"cniVersion":"1.0.0"}}""");
        }

        ResultCache cache = new CniRuntime(_bench.Host, _bench.Options).Cache;
        List<string> seen = [];
        foreach (CachedAttachment attachment in cache.Enumerate())
        {
            seen.Add(attachment.ContainerId);
            File.Delete(Path.Join(_bench.Results, "n-b-eth0"));
        }

        Assert.Equal(["a", "c"], seen);
        Assert.Equal(["a", "c"], cache.List().Select(attachment => attachment.ContainerId));
    }
}
