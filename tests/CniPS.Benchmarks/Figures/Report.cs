using System;

namespace CniPS.Benchmarks.Figures;

/// <summary>All there is to tell of a run.</summary>
internal sealed record Report(DateTimeOffset Date, Machine Machine, string LoadAfter, int Containers, int Rounds, Board Board);
