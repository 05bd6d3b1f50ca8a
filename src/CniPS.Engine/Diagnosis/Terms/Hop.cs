namespace CniPS.Diagnosis;

/// <summary>What becomes of a packet at one place of its way.</summary>
public enum HopVerdict
{
    /// <summary>It goes on.</summary>
    Passed,

    /// <summary>It goes on, but something is not as it should be.</summary>
    Warned,

    /// <summary>It could not be decided: the packet is followed as if it went on.</summary>
    Unknown,

    /// <summary>It dies here.</summary>
    Dropped,
}

/// <summary>One place on a packet's way, with what was decided there.</summary>
/// <param name="Namespace">The namespace, as it is called.</param>
/// <param name="Interface">The interface; empty where none is concerned.</param>
/// <param name="Stage">What kind of decision it is: <c>route</c>, <c>neighbour</c>, <c>bridge</c>, <c>forward</c>, <c>filter</c>, <c>deliver</c> …</param>
/// <param name="Decision">What was decided: <c>via 10.15.20.1 dev eth0</c>.</param>
/// <param name="Evidence">By what: the kernel's answer, in words.</param>
/// <param name="Verdict">What becomes of the packet.</param>
public sealed record Hop(string Namespace, string Interface, string Stage, string Decision, string Evidence, HopVerdict Verdict)
{
    /// <summary>The namespace's path; empty where there is none to look at.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether it is on the way back.</summary>
    public bool IsBack { get; init; }

    /// <summary><c>there</c>, or <c>back</c> for the answer.</summary>
    public string Way => IsBack ? "back" : "there";

    /// <summary>Why the packet dies here, or what is wrong all the same; null for nothing.</summary>
    public Cause? Cause { get; init; }

    /// <summary>The packet here: from whom to whom.</summary>
    public string Packet { get; init; } = "";

    /// <summary>In a line.</summary>
    public override string ToString() => $"{Namespace}{(Interface.Length > 0 ? "/" + Interface : "")} {Stage}: {Decision}";
}
