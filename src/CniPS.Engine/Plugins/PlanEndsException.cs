using System;

namespace CniPS.Plugins;

/// <summary>A plan can't go on: what comes next depends on what a program would answer.</summary>
internal sealed class PlanEndsException : Exception
{
}
