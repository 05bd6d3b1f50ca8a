using System.Globalization;
using System.Text.RegularExpressions;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>The least that the kernel needs for many containers at once, its links deleted by group (floor.c).</summary>
internal sealed partial class BulkFloor(string program, int containers) : IContestant
{
    public int WarmUps => 0;

    public void Round(Board board)
    {
        string output = Programs.Run(program, [containers.ToString(CultureInfo.InvariantCulture), "bulk"]);
        string name = Names.Of(Names.Floor, containers);
        foreach (Match line in Line().Matches(output))
        {
            string figure = line.Groups["operation"].Value == "add" ? Names.Add(name) : Names.Delete(name);
            board[figure].Add([double.Parse(line.Groups["each"].Value, CultureInfo.InvariantCulture)]);
        }

        Fence.Wait();
    }

    [GeneratedRegex(@"floor_bulk_(?<operation>add|del)_us each=(?<each>\d+)")]
    private static partial Regex Line();
}
