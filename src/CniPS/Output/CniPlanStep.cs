using System;
using CniPS.Facts;
using CniPS.Runtime;

namespace CniPS;

/// <summary>A change that a command would make.</summary>
public sealed class CniPlanStep : IComparable<CniPlanStep>, IComparable
{
    internal CniPlanStep(int number, PlanStep step)
    {
        Number = number;
        Plugin = step.PluginType;
        Kind = step.Kind;
        IsShared = step.IsShared;
        Text = step.Text;
        Change = ChangeJson.Write(step.Change);
    }

    /// <summary>Its place in the plan, from 1 on.</summary>
    public int Number { get; }

    /// <summary>The plugin that would make it; null for the runtime itself.</summary>
    public string? Plugin { get; }

    /// <summary>What kind of change it is, such as VethAdd, AddressAdd, SysctlWrite, FileCreate; ProgramCall for a program, of which it is not known what it does.</summary>
    public string Kind { get; }

    /// <summary>Whether it is to something that attachments share, such as a bridge.</summary>
    public bool IsShared { get; }

    /// <summary>The command a person would type.</summary>
    public string Text { get; }

    /// <summary>The change itself, as JSON, by which a plan that was stored or sent can be compared; of programs and files it holds all that <see cref="Text"/> does.</summary>
    public string Change { get; }

    /// <summary>By number.</summary>
    public int CompareTo(CniPlanStep? other) => Number.CompareTo(other?.Number ?? 0);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The command.</summary>
    public override string ToString() => Text;
}
