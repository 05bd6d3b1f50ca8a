using System.Text;

namespace CniPS.Linux.Programs;

/// <summary>A program that a change needs could not be run, or refused. The message holds the operation and the program's own words.</summary>
internal sealed class ProgramFailedException : LinuxException
{
    internal ProgramFailedException(string operation, ProgramOutcome outcome)
        : base(Compose(operation, outcome), operation, outcome.End == ProgramEnd.NotStarted ? outcome.Status : 0)
    {
    }

    private static string Compose(string operation, ProgramOutcome outcome)
    {
        string words = Encoding.UTF8.GetString(outcome.Error.Span).Trim().ReplaceLineEndings(" ");
        return $"{operation}: {(words.Length > 0 ? words : outcome.Describe())}";
    }
}
