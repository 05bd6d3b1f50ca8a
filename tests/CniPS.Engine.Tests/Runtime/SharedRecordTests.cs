using System;
using System.IO;
using System.Text;
using System.Threading;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Main;
using CniPS.Runtime;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What is known of shared things, however far an ADD got.</summary>
public sealed class SharedRecordTests : IDisposable
{
    // It is there on every machine, and nobody changes it.
    private static readonly SharedBridgeAddress s_there = new("lo", IpPrefix.Parse("127.0.0.1/8"), []);

    private static readonly SharedBridge s_gone = new("nobody0");

    private readonly PluginBench _bench = new();

    private Services Services => new(_bench.Host, _bench.Options, _bench.Observer);

    private string RecordPath => Path.Join(_bench.Cache, "cnips", "shared", "net1");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_is_noted_stands_once_and_what_is_gone_is_forgotten()
    {
        SharedRecord.Note(Services, "net1", [s_gone]);
        SharedRecord.Note(Services, "net1", [s_gone, s_there]);
        Assert.Equal(Lines(s_gone, s_there), File.ReadAllText(RecordPath));

        SharedRecord.ForgetGone(Services, "net1");
        Assert.Equal(Lines(s_there), File.ReadAllText(RecordPath));
    }

    [Fact]
    public void The_last_one_forgotten_takes_the_file_along()
    {
        SharedRecord.Note(Services, "net1", [s_gone]);
        SharedRecord.ForgetGone(Services, "net1");
        Assert.False(File.Exists(RecordPath));
    }

    [Fact]
    public void A_line_cut_short_does_not_spoil_the_next()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(RecordPath)!);
        File.WriteAllText(RecordPath, Lines(s_there) + "{\"shared\":{\"kind\":\"bri");
        SharedRecord.Note(Services, "net1", [s_gone]);

        Assert.Equal(Lines(s_there, s_gone), Lines([.. Intent.ReadShared(File.ReadAllBytes(RecordPath))]));
    }

    [Fact]
    public void A_record_that_can_not_be_read_is_nothing_to_an_ADD_that_made_nothing_shared()
    {
        _bench.FailingPlugin("a", "ADD");
        Directory.CreateDirectory(RecordPath); // to open it is an error

        PluginCallException failure = Assert.Throws<PluginCallException>(() => _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Empty(failure.NotUndone);
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void Of_an_ADD_that_was_killed_after_it_was_cached_what_is_shared_is_noted()
    {
        _bench.AddingPlugin("a");
        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());
        string intent = Encoding.UTF8.GetString(
            Intent.FirstLine("net1", PluginBench.List("a").Bytes, PluginBench.Attachment(), _bench.Options).Span) + Lines(s_there);

        Assert.Empty(LeftoverCleaner.Clean(Services, Encoding.UTF8.GetBytes(intent), CancellationToken.None));

        Assert.Equal(Lines(s_there), File.ReadAllText(RecordPath));
        Assert.Equal("a:ADD", _bench.Calls());
    }

    private static string Lines(params SharedThing[] things)
    {
        StringBuilder text = new();
        foreach (SharedThing thing in things)
        {
            text.Append(Encoding.UTF8.GetString(Intent.SharedLine(thing).Span));
        }

        return text.ToString();
    }
}
