using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace CniPS.Rooms.Tests;

/// <summary>The house is as docs/design.md draws it: a room is a namespace that follows its folder, and uses only rooms below it.</summary>
public sealed partial class RoomTests
{
    private static readonly ConcurrentDictionary<string, (IReadOnlyCollection<string>, IReadOnlyCollection<(string, string, string)>)> s_read = new();

    public static TheoryData<string> Houses() => [.. House.All.Keys];

    [Fact]
    public void Every_assembly_is_drawn() =>
        Assert.Equal(
            Directory.GetDirectories(Path.Join(House.Repository, "src")).Select(Path.GetFileName).Where(HasSources).Order(StringComparer.Ordinal),
            House.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Houses))]
    public void Every_room_is_drawn_once(string name)
    {
        House house = House.All[name];
        Assert.Equal(Read(house).Rooms.Order(StringComparer.Ordinal), house.Rows.SelectMany(row => row).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Houses))]
    public void Arrows_go_down_only(string name) => None(Upwards(House.All[name]));

    // Turned upside down, every use that there is goes up; and so does one when a single room is moved.
    [Theory]
    [MemberData(nameof(Houses))]
    public void An_arrow_up_is_seen(string name)
    {
        House house = House.All[name];
        int uses = Read(house).Uses.Count;
        Assert.NotEqual(0, uses);
        Assert.Equal(uses, Upwards(house with { Rows = [.. house.Rows.Reverse()] }).Count());
        Assert.NotEmpty(Upwards(house with { Rows = [house.Rows[^1], .. house.Rows.SkipLast(1)] }));
    }

    // What a constant or a word in a comment names is in no assembly, but in the sources.
    [Theory]
    [MemberData(nameof(Houses))]
    public void Usings_go_down_only(string name)
    {
        House house = House.All[name];
        None(
            from source in Sources(house)
            from used in UsingLine().Matches(source.Text).Select(match => match.Groups[1].Value)
            where house.RowOf(used) is not null && house.RowOf(source.Room) is not null && !house.MayUse(source.Room, used)
            select $"{source.File} is in {source.Room}, and uses {used}");
    }

    // A folder is a room, or a floor of the room that it is in: then it shares that one's namespace.
    [Theory]
    [MemberData(nameof(Houses))]
    public void A_room_follows_its_folder(string name)
    {
        House house = House.All[name];
        string NameOf(string folder) => folder == "." ? house.Root : $"{house.Root}.{folder.Replace('/', '.')}";
        foreach (IGrouping<string, (string File, string Text, string Room)> folder in Sources(house).GroupBy(source => Path.GetDirectoryName(source.File)!))
        {
            string own = Path.GetRelativePath(house.Sources, Path.Join(House.Repository, folder.Key));
            string room = Assert.Single(folder.Select(source => source.Room).Distinct());
            Assert.True(room == NameOf(own) || NameOf(own).StartsWith(room + ".", StringComparison.Ordinal), $"{folder.Key} holds {room}");
            Assert.True(room == NameOf(own) || house.RowOf(NameOf(own)) is null, $"{folder.Key} holds {room}, but there is a room {NameOf(own)}");
        }
    }

    private static (IReadOnlyCollection<string> Rooms, IReadOnlyCollection<(string From, string To, string Use)> Uses) Read(House house) =>
        s_read.GetOrAdd(house.Name, _ => UseReader.Read(house.Assembly));

    // Assert.Empty tells no more than the beginning of each.
    private static void None(IEnumerable<string> violations)
    {
        string text = string.Join('\n', violations);
        Assert.True(text.Length == 0, text);
    }

    private static IEnumerable<string> Upwards(House house) =>
        from use in Read(house).Uses
        where !house.MayUse(use.From, use.To)
        orderby use.Use
        select use.Use;

    private static IEnumerable<(string File, string Text, string Room)> Sources(House house)
    {
        foreach (string file in Directory.EnumerateFiles(house.Sources, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            string relative = Path.GetRelativePath(House.Repository, file);
            if (!IsBuilt().IsMatch(relative) && NamespaceLine().Match(text) is { Success: true } line && !IsProgramOfItsOwn(house, file))
            {
                yield return (relative, text, line.Groups[1].Value);
            }
        }
    }

    private static bool HasSources(string? name) => name is not null && File.Exists(Path.Join(House.Repository, "src", name, name + ".csproj"));

    // src/CniPS/Help makes help while the module is built.
    private static bool IsProgramOfItsOwn(House house, string file)
    {
        for (string folder = Path.GetDirectoryName(file)!; folder != house.Sources; folder = Path.GetDirectoryName(folder)!)
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").Any())
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"/(obj|bin)/")]
    private static partial Regex IsBuilt();

    [GeneratedRegex(@"^using (?:static |\w+ = )?(CniPS[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
