using System;

namespace CniPS.Spec;

/// <summary>A request without prevResult and runtimeConfig: the same for every attachment, so it is made and parsed once.</summary>
/// <param name="NetworkName">The network it was made for.</param>
/// <param name="CniVersion">The version it was made for.</param>
/// <param name="Bytes">The request: one JSON object on one line.</param>
/// <param name="Parsed">The same, parsed.</param>
internal sealed record PreparedRequest(string NetworkName, string CniVersion, ReadOnlyMemory<byte> Bytes, PluginConfiguration Parsed);
