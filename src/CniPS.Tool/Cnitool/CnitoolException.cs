using System;

namespace CniPS.Tool.Cnitool;

/// <summary>A command line that cnitool doesn't take, in its words.</summary>
/// <param name="message">The words.</param>
/// <param name="usage">What is printed behind them instead of the command's usage; null for that.</param>
internal sealed class CnitoolException(string message, string? usage = null) : Exception(message)
{
    /// <summary>What is printed behind the message, or null.</summary>
    internal string? Usage { get; } = usage;
}
