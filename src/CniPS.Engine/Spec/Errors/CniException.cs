using System;

namespace CniPS.Spec;

/// <summary>
/// What went wrong, where, why and what to do. <see cref="Exception.Message"/> is the specification's <c>msg</c>
/// (with <c>; details</c> behind it where there are any); the rest says the same to a program.
/// </summary>
public class CniException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="errorId">The stable id, for example <c>CniInvalidNetworkConfig</c>; one of <see cref="CniErrorIds"/>.</param>
    /// <param name="code">The specification's code.</param>
    /// <param name="message">The specification's <c>msg</c>.</param>
    /// <param name="details">The specification's <c>details</c>.</param>
    /// <param name="innerException">The cause.</param>
    public CniException(string errorId, CniErrorCode code, string message, string? details = null, Exception? innerException = null)
        : base(string.IsNullOrEmpty(details) ? message : message + "; " + details, innerException)
    {
        ErrorId = errorId;
        Code = code;
        Msg = message;
        Details = details;
    }

    /// <summary>The stable id, for scripts: <c>FullyQualifiedErrorId</c> begins with it.</summary>
    public string ErrorId { get; }

    /// <summary>The specification's code.</summary>
    public CniErrorCode Code { get; }

    /// <summary>The specification's <c>msg</c>, without details.</summary>
    public string Msg { get; }

    /// <summary>The specification's <c>details</c>.</summary>
    public string? Details { get; }

    /// <summary>The type of the plugin that failed, or null where no plugin had run.</summary>
    public string? PluginType { get; init; }

    /// <summary>The verb that failed: ADD, DEL, CHECK, GC, STATUS or VERSION.</summary>
    public string? Verb { get; init; }

    /// <summary>Where in a configuration the cause lies.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>The value concerned, from the top of the plugin configuration that it was read of.</summary>
    internal JsonPath? Place { get; init; }

    /// <summary>What a person should do.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The object concerned: an interface, a file, an address.</summary>
    public object? Target { get; init; }
}
