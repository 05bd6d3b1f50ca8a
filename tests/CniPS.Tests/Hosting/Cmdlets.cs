using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using Xunit;

namespace CniPS.Tests.Hosting;

/// <summary>The module's cmdlets, as its assembly has them: cases are named before any session is opened.</summary>
internal static class Cmdlets
{
    /// <summary>Every cmdlet, by name.</summary>
    internal static IReadOnlyDictionary<string, CmdletInfo> All { get; } = (
        from type in typeof(CniNetwork).Assembly.GetExportedTypes()
        let attribute = type.GetCustomAttribute<CmdletAttribute>()
        where attribute is not null && !type.IsAbstract
        select new CmdletInfo($"{attribute.VerbName}-{attribute.NounName}", type)).ToDictionary(info => info.Name);

    /// <summary>A case for each cmdlet.</summary>
    internal static TheoryData<string> Names() => [.. All.Keys.Order(System.StringComparer.Ordinal)];

    /// <summary>The parameters that are the module's own, not those of every cmdlet.</summary>
    internal static IEnumerable<CommandParameterInfo> Own(CommandParameterSetInfo set) => set.Parameters.Where(
        parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    /// <summary>The parameters of all sets that are the module's own.</summary>
    internal static IEnumerable<ParameterMetadata> Own(CmdletInfo cmdlet) => cmdlet.Parameters.Values.Where(
        parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    internal static bool CanPlan(CmdletInfo cmdlet) => cmdlet.Parameters.ContainsKey("WhatIf");
}
