using System;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Something that is wrong with a network's configuration.</summary>
public sealed record NetworkProblem
{
    /// <summary>The stable id, one of <see cref="CniErrorIds"/> and <see cref="RuntimeErrorIds"/>.</summary>
    public required string Id { get; init; }

    /// <summary>How bad it is.</summary>
    public required ProblemSeverity Severity { get; init; }

    /// <summary>What is wrong, as a sentence without its place.</summary>
    public required string Message { get; init; }

    /// <summary>What a person should do; null where there is nothing to say.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The network's name; empty where it could not be read.</summary>
    public string Network { get; init; } = "";

    /// <summary>The plugin concerned, or null.</summary>
    public string? PluginType { get; init; }

    /// <summary>The key concerned, as <c>plugins[0].ipam.subnet</c>, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Where it is; null where it has no place in a text.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>The file it is in, or null.</summary>
    public string? File => Position?.File;

    /// <summary>The line, from 1, or null.</summary>
    public int? Line => Position?.Line;

    /// <summary>The column in characters, from 1, or null.</summary>
    public int? Column => Position?.Column;

    /// <summary>The error or warning behind the problem, with the specification's code.</summary>
    public CniException ToException() => new(Id, Code, Message, innerException: Cause)
    {
        Position = Position,
        PluginType = PluginType,
        RecommendedAction = RecommendedAction,
        Target = Key ?? (object?)File ?? Network,
    };

    /// <summary><c>file:line:column: message</c>, as compilers print it; a warning says that it is one.</summary>
    public override string ToString() =>
        (Position is null ? "" : $"{Position}: ") + (Severity == ProblemSeverity.Warning ? "warning: " : "") + Message;

    internal CniErrorCode Code { get; init; } = CniErrorCode.InvalidNetworkConfig;

    internal Exception? Cause { get; init; }

    /// <summary>An error as a problem of a network.</summary>
    /// <param name="error">The error.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="pluginType">The plugin concerned, where the error names none.</param>
    public static NetworkProblem Of(CniException error, string network, string? pluginType = null) => new()
    {
        Id = Given(error).ErrorId,
        Severity = ProblemSeverity.Error,
        Message = error.Message,
        RecommendedAction = error.RecommendedAction,
        Network = network,
        PluginType = error.PluginType ?? pluginType,
        Key = error.Target as string,
        Position = error.Position,
        Code = error.Code,
        Cause = error,
    };

    private static CniException Given(CniException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error;
    }
}
