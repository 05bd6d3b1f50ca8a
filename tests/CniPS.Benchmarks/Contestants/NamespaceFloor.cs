using System.Globalization;
using System.Text.RegularExpressions;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Named namespaces one after the other with the fewest system calls (floor.c).</summary>
internal sealed partial class NamespaceFloor(string program, int count) : IContestant
{
    public int WarmUps => 0;

    public void Round(Board board)
    {
        string name = Names.Namespaces(Names.Floor, count);
        foreach (Match line in Line().Matches(Programs.Run(program, [count.ToString(CultureInfo.InvariantCulture), "namespaces"])))
        {
            string figure = line.Groups["operation"].Value == "make" ? Names.Add(name) : Names.Delete(name);
            board[figure].Add([double.Parse(line.Groups["each"].Value, CultureInfo.InvariantCulture)]);
        }

        Fence.Wait();
    }

    [GeneratedRegex(@"floor_namespace_(?<operation>make|remove)_us each=(?<each>\d+)")]
    private static partial Regex Line();
}
