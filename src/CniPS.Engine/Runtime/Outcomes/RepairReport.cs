using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>What became of the differences that CHECK had found.</summary>
/// <param name="Mended">Those that are no more.</param>
/// <param name="Remaining">Those that still are: only DEL and ADD mend them, or, in a plan, nothing is known of it.</param>
public sealed record RepairReport(IReadOnlyList<Difference> Mended, IReadOnlyList<Difference> Remaining);
