using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// Makes a plan again of what came back through Clixml, JSON or a remote session, so that it can be compared, shown and drawn as it was. Each step is
/// made of its <see cref="CniPlanStep.Change"/>, and namespaces are those that have the same paths now, here.
/// </summary>
public sealed class RevivedPlanConverter : PSTypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        destinationType == typeof(CniPlan) && sourceValue is PSObject dead && dead.Properties[nameof(CniPlan.Steps)] is not null
        && (HasChanges(dead) || StepsOf(dead).All(change => change is not null));

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        PSObject dead = PSObject.AsPSObject(sourceValue);
        string? container = TextOf(dead, nameof(CniPlan.ContainerId));
        Attachment? attachment = container is null ? null : new Attachment
        {
            ContainerId = container,
            NetNS = TextOf(dead, nameof(CniPlan.NetNS)) ?? "",
            InterfaceName = TextOf(dead, nameof(CniPlan.Interface)) ?? "",
        };
        OperationPlan plan = new(TextOf(dead, nameof(CniPlan.Verb)) ?? "", TextOf(dead, nameof(CniPlan.Network)) ?? "", attachment)
        {
            Steps = HasChanges(dead) ? [.. ListOf(dead, nameof(CniPlan.Changes)).Select(text => PlanStepJson.Read($"{text}"))] : [.. ListOf(dead, nameof(CniPlan.Steps)).Select(StepOf)],
            Warnings = [.. ListOf(dead, nameof(CniPlan.Warnings)).Select(warning => $"{warning}")],
            EndsAt = TextOf(dead, nameof(CniPlan.EndsAt)),
            PredictedResult = ResultOf(dead.Properties[nameof(CniPlan.PredictedResult)]?.Value),
        };
        CniPlan revived = new(plan, TextOf(dead, nameof(CniPlan.CachePath)) ?? "");
        return dead.Properties[nameof(CniPlan.Created)]?.Value is DateTime created ? revived.At(created) : revived;
    }

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();

    // Of an earlier version there are only the steps, and of steps that somebody has picked there is nothing else.
    private static bool HasChanges(PSObject dead) => dead.Properties[nameof(CniPlan.Changes)]?.Value is not null;

    private static PlanStep StepOf(object? item)
    {
        PSObject step = PSObject.AsPSObject(item!);
        Change change = ChangeJson.Read(TextOf(step, nameof(CniPlanStep.Change))!);
        return new PlanStep(TextOf(step, nameof(CniPlanStep.Plugin)), change, LanguagePrimitives.IsTrue(step.Properties[nameof(CniPlanStep.IsShared)]?.Value));
    }

    // Clixml has the object, JSON its text.
    private static CniResult? ResultOf(object? value)
    {
        string? json = value is null ? null : TextOf(PSObject.AsPSObject(value), nameof(CniAddResult.Json)) ?? value as string;
        return json is null ? null : CniResult.Parse(Encoding.UTF8.GetBytes(json));
    }

    private static IEnumerable<string?> StepsOf(PSObject dead) =>
        ListOf(dead, nameof(CniPlan.Steps)).Select(step => step is null ? null : TextOf(PSObject.AsPSObject(step), nameof(CniPlanStep.Change)));

    private static string? TextOf(PSObject item, string property) => item.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;

    private static IEnumerable<object?> ListOf(PSObject item, string property)
    {
        if (LanguagePrimitives.GetEnumerable(item.Properties[property]?.Value) is { } items)
        {
            foreach (object? entry in items)
            {
                yield return entry;
            }
        }
    }
}
