using System;
using System.IO;
using CniPS.Linux.Files;
using Xunit;

namespace CniPS.Linux.Tests.Files;

/// <summary>When a folder's time proves that nothing came or went.</summary>
public sealed class FolderTimeTests
{
    private static readonly FolderTime s_time = new(1_000, 500_000_000);

    [Theory]
    [InlineData(true, 0, true)] // no later change can have the same time
    [InlineData(false, 0, false)] // one of the same clock tick could
    [InlineData(false, 15, false)]
    [InlineData(false, 25, true)]
    public void ACoarseTimeMustBeOlderThanATick(bool fine, int milliseconds, bool same) =>
        Assert.Equal(same, FolderTime.IsSame(s_time, s_time, fine, DateTimeOffset.FromUnixTimeMilliseconds(1_000_500 + milliseconds)));

    [Fact]
    public void AnotherTimeIsAChange() => Assert.False(FolderTime.IsSame(s_time, new FolderTime(1_000, 500_000_001), true, DateTimeOffset.UtcNow));

    [Fact]
    public void NoTimeProvesNothing() => Assert.False(FolderTime.IsSame(default, default, true, DateTimeOffset.UtcNow));

    [Fact]
    public void EveryChangeIsSeen()
    {
        string folder = Directory.CreateTempSubdirectory("cnips-test-").FullName;
        for (int i = 0; i < 200; i++)
        {
            FolderTime before = FolderTime.Of(folder);
            File.WriteAllText(Path.Combine(folder, $"{i}"), "");
            Assert.False(FolderTime.IsUnchanged(folder, before));
        }

        Directory.Delete(folder, recursive: true);
    }
}
