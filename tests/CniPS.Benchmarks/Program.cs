using System;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks;

/// <summary>Outside, what is measured is built; inside, in namespaces of its own, it is measured.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            Options options = Options.Parse(arguments);
            if (options.Workshop is { } folder)
            {
                Measure(options, new Workshop(folder));
                return 0;
            }

            return Prepare(options, arguments);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e is UsageException or ProgramFailedException ? e.Message : e);
            return e is UsageException ? 2 : 1;
        }
    }

    private static int Prepare(Options options, string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UsageException("Only root can make the namespaces that this works in.");
        }

        // Ctrl+C ends the programs that were started; this one still has to clean up.
        Console.CancelKeyPress += static (_, pressed) => pressed.Cancel = true;
        using Workshop workshop = Workshop.Create();
        workshop.Build(options);
        return PrivateNamespaces.StartAgain(["--inside", workshop.Folder, .. arguments]);
    }

    private static void Measure(Options options, Workshop workshop)
    {
        PrivateNamespaces.Furnish();
        Machine before = Machine.Look();
        Board board = new Programme(options, workshop).Run();
        Report report = new(DateTimeOffset.Now, before, Machine.Look().Load, options.Containers, options.Rounds, board);
        TextReport.Print(report, Console.Out);
        if (options.Compare is { } earlier)
        {
            Comparison.Print(report, earlier, Console.Out);
        }

        if (options.Json is { } path)
        {
            JsonReport.Write(report, path);
        }
    }
}
