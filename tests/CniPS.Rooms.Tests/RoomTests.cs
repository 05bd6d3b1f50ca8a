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
    private static readonly ConcurrentDictionary<string, (IReadOnlyCollection<string>, IReadOnlyCollection<TypeUse>)> s_read = new();

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
        int uses = Read(house).Uses.Count(use => use.From.Room != use.To.Room);
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

    // Floors are folders: the room's own, and those in it that are no rooms. Among them, too, who uses another is not used by it.
    [Theory]
    [MemberData(nameof(Houses))]
    public void Floors_of_a_room_know_each_other_one_way(string name)
    {
        House house = House.All[name];
        Dictionary<(string, string), string> floors = Floors(house);
        ILookup<string, (string To, string Use)> uses = Read(house).Uses
            .Where(use => use.From.Room == use.To.Room)
            .Select(use => (From: floors[use.From], To: floors[use.To], Use: use.ToString()))
            .Where(use => use.From != use.To)
            .ToLookup(use => use.From, use => (use.To, use.Use));
        None(
            from floor in uses
            from use in floor
            where Reaches(use.To, floor.Key, [])
            orderby floor.Key, use.To
            select $"{floor.Key} is below {use.To}, too: {use.Use}");

        bool Reaches(string from, string to, HashSet<string> seen) => from == to || (seen.Add(from) && uses[from].Any(next => Reaches(next.To, to, seen)));
    }

    // The table's words before a colon are folders, in this order.
    [Theory]
    [InlineData("CniPS.Engine", "Runtime")]
    [InlineData("CniPS.Engine", "Spec")]
    public void Floors_are_as_the_table_has_them(string name, string room)
    {
        House house = House.All[name];
        string row = File.ReadLines(Path.Join(House.Repository, "docs", "design.md")).Single(line => line.StartsWith($"| {room} | ", StringComparison.Ordinal));
        string[] drawn = [.. row.Split('|')[2].Split('·').Select(floor => floor.Split(':')[0].Trim()).Where(floor => !floor.Contains('('))];
        Assert.Equal(Directory.GetDirectories(Path.Join(house.Sources, room)).Select(Path.GetFileName).Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
        Dictionary<(string, string), string> floors = Floors(house);
        int Height(string folder) => folder == room ? -1 : Array.IndexOf(drawn, Path.GetFileName(folder));
        None(
            from use in Read(house).Uses
            where use.From.Room == use.To.Room && use.From.Room == $"{house.Root}.{room}" && Height(floors[use.From]) > Height(floors[use.To])
            orderby use.ToString()
            select use.ToString());
    }

    // In which folder each type is declared.
    private static Dictionary<(string Room, string Type), string> Floors(House house)
    {
        Dictionary<(string, string), string> floors = [];
        foreach ((string file, string text, string room) in Sources(house))
        {
            foreach (Match type in TypeLine().Matches(text))
            {
                int parameters = type.Groups[2].Success ? type.Groups[2].Value.Count(c => c == ',') + 1 : 0;
                floors[(room, type.Groups[1].Value + (parameters > 0 ? $"`{parameters}" : ""))] = Path.GetRelativePath(house.Sources, Path.Join(House.Repository, Path.GetDirectoryName(file)!));
            }
        }

        return floors;
    }

    private static (IReadOnlyCollection<string> Rooms, IReadOnlyCollection<TypeUse> Uses) Read(House house) =>
        s_read.GetOrAdd(house.Name, _ => UseReader.Read(house.Assembly));

    // Assert.Empty tells no more than the beginning of each.
    private static void None(IEnumerable<string> violations)
    {
        string text = string.Join('\n', violations);
        Assert.True(text.Length == 0, text);
    }

    private static IEnumerable<string> Upwards(House house) =>
        from use in Read(house).Uses
        where !house.MayUse(use.From.Room, use.To.Room)
        orderby use.ToString()
        select use.ToString();

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

    [GeneratedRegex(@"^(?:public|internal|file)(?: \w+)*? (?:class|struct|interface|enum|record struct|record|delegate [\w<>?]+) (\w+)(?:<([^>]*)>)?", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
