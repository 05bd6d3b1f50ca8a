using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;

namespace CniPS.Runtime;

/// <summary>
/// The trace that a call belongs to, for plugin programs: W3C Trace Context and Baggage as environment variables, as libcni passes them on.
/// </summary>
/// <param name="Parent">TRACEPARENT: version, trace id, span id and flags.</param>
/// <param name="State">TRACESTATE; empty for none.</param>
/// <param name="Baggage">BAGGAGE; empty for none.</param>
public sealed record TraceContext(string Parent, string State = "", string Baggage = "")
{
    /// <summary>The activity under way on this thread; null where there is none, or none with a W3C id.</summary>
    public static TraceContext? Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity
            ? new TraceContext(id, activity.TraceStateString ?? "", BaggageOf(activity))
            : null;

    /// <summary>Puts the variables in the place of those that were inherited.</summary>
    internal void WriteTo(List<KeyValuePair<string, string>> environment)
    {
        environment.RemoveAll(static variable => variable.Key is "TRACEPARENT" or "TRACESTATE" or "BAGGAGE");
        environment.Add(new("TRACEPARENT", Parent));
        if (State.Length > 0)
        {
            environment.Add(new("TRACESTATE", State));
        }

        if (Baggage.Length > 0)
        {
            environment.Add(new("BAGGAGE", Baggage));
        }
    }

    // W3C Baggage: KEY=VALUE,KEY=VALUE, values percent-encoded.
    private static string BaggageOf(Activity activity)
    {
        StringBuilder text = new();
        foreach ((string key, string? value) in activity.Baggage)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
        }

        return text.ToString();
    }
}
