using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Diagnosis;

/// <summary>Why a packet dies, or why its answer does.</summary>
/// <param name="Id">What it is, in a word that stays: <c>ForwardingOff</c>.</param>
/// <param name="Namespace">The namespace in which it is, as it is called.</param>
/// <param name="Message">A sentence: what is where, and what it does to the packet.</param>
/// <param name="Advice">The command that mends it; a sentence where no single command does.</param>
public sealed record Cause(string Id, string Namespace, string Message, string Advice)
{
    /// <summary>The changes that mend it; empty where only a person can.</summary>
    public IReadOnlyList<Change> Repair { get; init; } = [];

    /// <summary>Whether a packet of the probe's proves nothing about it: one that is small, or that leaves by a socket of another kind.</summary>
    internal bool IsBeyondProbe { get; init; }

    /// <summary>The id of the error that says it, one of <see cref="DiagnosisErrorIds"/>: <c>CniForwardingOff</c>.</summary>
    public string ErrorId => "Cni" + Id;

    /// <summary>Makes one that changes mend.</summary>
    internal static Cause Mended(string id, string ns, string message, params IReadOnlyList<Change> repair)
    {
        List<string> commands = [];
        foreach (Change change in repair)
        {
            commands.Add(change.Text);
        }

        return new Cause(id, ns, message, string.Join("; ", commands)) { Repair = repair };
    }

    /// <summary>Whether both are the same: what mends them may be another object each time.</summary>
    public bool Equals(Cause? other) => other is not null && (Id, Namespace, Message) == (other.Id, other.Namespace, other.Message);

    /// <inheritdoc/>
    public override int GetHashCode() => System.HashCode.Combine(Id, Namespace, Message);

    /// <summary>The sentence.</summary>
    public override string ToString() => Message;
}
