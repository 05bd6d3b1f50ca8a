using CniPS.Benchmarks.Figures;

namespace CniPS.Benchmarks;

/// <summary>One way to attach containers.</summary>
internal interface IContestant
{
    /// <summary>How many rounds it takes until it is as quick as it gets.</summary>
    int WarmUps { get; }

    /// <summary>Attaches and detaches containers once, and writes down what that took.</summary>
    void Round(Board board);
}
