using System;

namespace CniPS.Runtime;

/// <summary>A plan can't go on: what comes next depends on what a program would answer.</summary>
internal sealed class PlanEndsException : Exception
{
}
