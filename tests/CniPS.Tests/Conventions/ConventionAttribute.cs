using System;
using System.Collections.Generic;
using System.Globalization;
using Xunit.v3;

namespace CniPS.Tests.Conventions;

/// <summary>The test holds a convention of PowerShell, by its number in docs/conventions.md: <c>dotnet test --filter Convention=12</c>.</summary>
/// <param name="number">The number.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConventionAttribute(int number) : Attribute, ITraitAttribute
{
    internal int Number { get; } = number;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Convention", Number.ToString(CultureInfo.InvariantCulture))];
}
