using System;

namespace CniPS.Linux.Tests.Dhcp;

/// <summary>Bytes as people write them.</summary>
internal static class Hex
{
    internal static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
