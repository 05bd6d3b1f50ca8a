namespace CniPS.Linux.Host;

/// <summary>How a planned change stands to the machine as it is.</summary>
/// <param name="Standing">In a word.</param>
/// <param name="Reason">What is in the way.</param>
public sealed record ChangeOutlook(ChangeStanding Standing, string? Reason = null);

/// <summary>How a planned change stands to the machine as it is.</summary>
public enum ChangeStanding
{
    /// <summary>It can't be told, as of a program that would run.</summary>
    Unknown,

    /// <summary>What it would make is so already.</summary>
    Done,

    /// <summary>It is still to be made, and can be.</summary>
    ToDo,

    /// <summary>The kernel would refuse it: something else is there, or what it needs is not.</summary>
    Conflict,
}
