using System.Net;
using System.Numerics;
using CniPS.Linux.Route;

namespace CniPS.Runtime;

/// <summary>Neighbouring addresses of a range that are free.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="RangeSet">The range set: an attachment gets one address of each.</param>
/// <param name="Subnet">The range's subnet.</param>
/// <param name="First">The lowest one.</param>
/// <param name="Last">The highest one.</param>
/// <param name="Count">How many they are.</param>
public sealed record FreeAddresses(string Network, int RangeSet, IpPrefix Subnet, IPAddress First, IPAddress Last, BigInteger Count);
