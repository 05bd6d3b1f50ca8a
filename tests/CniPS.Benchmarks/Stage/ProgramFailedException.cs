using System;

namespace CniPS.Benchmarks.Stage;

/// <summary>A program could not be started, or failed; the message has what it said.</summary>
internal sealed class ProgramFailedException(string message) : Exception(message);
