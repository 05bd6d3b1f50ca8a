using System;
using CniPS.Facts;
using CniPS.Runtime;

namespace CniPS;

/// <summary>How a step of a plan stands to what is.</summary>
public sealed class CniPlanStanding : IComparable<CniPlanStanding>, IComparable
{
    internal CniPlanStanding(int number, StepOutlook outlook)
    {
        Number = number;
        Plugin = outlook.Step.PluginType;
        Kind = outlook.Step.Kind;
        IsShared = outlook.Step.IsShared;
        Text = outlook.Step.Text;
        State = outlook.Outlook.Standing.ToString();
        Reason = outlook.Outlook.Reason;
    }

    /// <summary>The step's place in the plan, from 1 on.</summary>
    public int Number { get; }

    /// <summary>Whether it is done, still to do, in conflict with what is, or can't be told: Done, ToDo, Conflict, Unknown.</summary>
    public string State { get; }

    /// <summary>What is in the way, in the kernel's own words.</summary>
    public string? Reason { get; }

    /// <summary>The plugin that would make it; null for the runtime itself.</summary>
    public string? Plugin { get; }

    /// <summary>What kind of change it is.</summary>
    public string Kind { get; }

    /// <summary>Whether it is to something that attachments share.</summary>
    public bool IsShared { get; }

    /// <summary>The command a person would type.</summary>
    public string Text { get; }

    /// <summary>By number.</summary>
    public int CompareTo(CniPlanStanding? other) => Number.CompareTo(other?.Number ?? 0);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>How it stands, and the command.</summary>
    public override string ToString() => $"{State}: {Text}";
}
