using System;

namespace CniPS.Plugin.Options;

/// <summary>A command line that can't be understood.</summary>
internal sealed class UsageException(string message) : Exception(message);
