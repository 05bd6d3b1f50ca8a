using System;

namespace CniPS.Benchmarks;

/// <summary>It was started in a way it can't work.</summary>
internal sealed class UsageException(string message) : Exception(message);
