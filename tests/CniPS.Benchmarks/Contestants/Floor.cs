using System.Globalization;
using System.Text.RegularExpressions;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>The least that the kernel itself needs (floor.c), in a namespace of its own.</summary>
internal sealed partial class Floor(string program, int containers) : IContestant
{
    public int WarmUps => 0;

    public void Round(Board board)
    {
        string output = Programs.Run(program, [containers.ToString(CultureInfo.InvariantCulture)]);
        board[Names.Add(Names.Floor)].Add(Read(output, "add"));
        board[Names.Delete(Names.Floor)].Add(Read(output, "del"));
        Fence.Wait();
    }

    private static Round Read(string output, string operation)
    {
        foreach (Match line in Line().Matches(output))
        {
            if (line.Groups["operation"].Value == operation)
            {
                return new Round(Number(line.Groups["median"]), Number(line.Groups["p95"]));
            }
        }

        throw new ProgramFailedException($"floor: no time of {operation} in: {output}");
    }

    private static double Number(Group digits) => double.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"floor_(?<operation>\w+)_us median=(?<median>\d+) p95=(?<p95>\d+)")]
    private static partial Regex Line();
}
