using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using Xunit;

namespace CniPS.Tests.Hosting;

/// <summary>What a script did: its output, each of its streams, and what reached the console.</summary>
internal sealed record Outcome
{
    internal required IReadOnlyList<PSObject> Output { get; init; }

    internal required IReadOnlyList<ErrorRecord> Errors { get; init; }

    /// <summary>What ended the script before its end; null where nothing did.</summary>
    internal required ErrorRecord? Terminating { get; init; }

    internal required IReadOnlyList<string> Warnings { get; init; }

    internal required IReadOnlyList<string> Verbose { get; init; }

    internal required IReadOnlyList<string> Information { get; init; }

    /// <summary>The plugins' calls: information that is tagged as such.</summary>
    internal required IReadOnlyList<string> Calls { get; init; }

    internal required IReadOnlyList<string> Debug { get; init; }

    /// <summary>What was written past all streams.</summary>
    internal required IReadOnlyList<string> Console { get; init; }

    /// <summary>The parameters that PowerShell asked for.</summary>
    internal required IReadOnlyList<string> Asked { get; init; }

    /// <summary>The questions that were asked, and answered with no.</summary>
    internal required IReadOnlyList<string> Questions { get; init; }

    internal IEnumerable<ErrorRecord> AllErrors => Terminating is null ? Errors : Errors.Append(Terminating);

    /// <summary>What <c>-WhatIf</c> said it would do.</summary>
    internal IReadOnlyList<string> Plan => [.. Console.Where(line => line.StartsWith("What if: ", System.StringComparison.Ordinal)).Select(line => line[9..])];

    /// <summary>The output as one type; there must be no other, and no errors.</summary>
    internal IReadOnlyList<T> As<T>()
    {
        Succeeded();
        return [.. Output.Select(item => Assert.IsType<T>(item.BaseObject))];
    }

    internal Outcome Succeeded()
    {
        Assert.True(!AllErrors.Any(), string.Join('\n', AllErrors.Select(error => $"{error.FullyQualifiedErrorId}: {error}")));
        return this;
    }
}
