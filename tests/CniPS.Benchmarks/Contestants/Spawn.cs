using System;
using System.Globalization;
using System.IO;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Runs a plugin program through spawn.c, for the first containers.</summary>
/// <param name="driver">spawn.</param>
/// <param name="folder">Where the plugin programs are.</param>
/// <param name="plugin">Which one.</param>
internal sealed class Spawn(string driver, string folder, string plugin)
{
    private readonly string _exchange = Folders.InMemory("spawn");

    /// <summary>Runs it once for each input.</summary>
    public SpawnedCall[] Run(string command, params byte[][] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            File.WriteAllBytes(Path.Combine(_exchange, $"{i}.in"), inputs[i]);
        }

        string output = Programs.Run(
            driver,
            [Path.Combine(folder, plugin), _exchange, inputs.Length.ToString(CultureInfo.InvariantCulture)],
            ("CNI_COMMAND", command),
            ("CNI_IFNAME", Container.Interface),
            ("CNI_PATH", folder));
        return Array.ConvertAll(output.TrimEnd().Split('\n'), SpawnedCall.Parse);
    }

    /// <summary>What the call for a container answered.</summary>
    public byte[] Answer(int container) => File.ReadAllBytes(Path.Combine(_exchange, $"{container}.out"));
}

/// <summary>What a call took.</summary>
internal readonly record struct SpawnedCall(double Microseconds, double Kilobytes)
{
    public static SpawnedCall Parse(string line)
    {
        double[] numbers = Array.ConvertAll(line.Split(' '), static number => double.Parse(number, CultureInfo.InvariantCulture));
        return new SpawnedCall(numbers[0], numbers[1]);
    }
}
