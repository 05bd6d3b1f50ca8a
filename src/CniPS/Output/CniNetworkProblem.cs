using System;
using CniPS.Facts;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Something that is wrong with a network.</summary>
public sealed class CniNetworkProblem : IComparable<CniNetworkProblem>, IComparable
{
    internal CniNetworkProblem(NetworkProblem problem)
    {
        Id = problem.Id;
        Severity = problem.Severity.ToString();
        Network = problem.Network;
        Plugin = problem.PluginType;
        Key = problem.Key;
        File = problem.File;
        Line = problem.Line;
        Column = problem.Column;
        Message = problem.Message;
        RecommendedAction = problem.RecommendedAction;
    }

    /// <summary>The stable id: see about_CniPS_Errors.</summary>
    public string Id { get; }

    /// <summary>Whether ADD fails of it, or what it makes does not work; or whether it is a warning.</summary>
    public string Severity { get; }

    /// <summary>The network's name; empty where it could not be read.</summary>
    public string Network { get; }

    /// <summary>The plugin concerned, or null.</summary>
    public string? Plugin { get; }

    /// <summary>The key concerned, as <c>plugins[0].ipam.subnet</c>, or null.</summary>
    public string? Key { get; }

    /// <summary>The file it is in, or null.</summary>
    public string? File { get; }

    /// <summary>The line, from 1, or null.</summary>
    public int? Line { get; }

    /// <summary>The column, from 1, or null.</summary>
    public int? Column { get; }

    /// <summary>What is wrong.</summary>
    public string Message { get; }

    /// <summary>What to do.</summary>
    public string? RecommendedAction { get; }

    /// <summary>By file, line and column, then by message.</summary>
    public int CompareTo(CniNetworkProblem? other) => other is null ? 1
        : Order.Of((File, other.File)) is not 0 and int order ? order
        : Nullable.Compare(Line, other.Line) is not 0 and int line ? line
        : Nullable.Compare(Column, other.Column) is not 0 and int column ? column
        : Order.Of((Message, other.Message));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => (File is null ? "" : $"{File}:{Line}:{Column}: ") + Message;
}
