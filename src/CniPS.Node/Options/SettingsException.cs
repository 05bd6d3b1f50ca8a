using System;

namespace CniPS.Node.Options;

/// <summary>A setting that is not right.</summary>
internal sealed class SettingsException(string message) : Exception(message);
