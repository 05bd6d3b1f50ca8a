using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace CniPS.Tests;

/// <summary>A test that runs in the second kernel only; see <see cref="SecondKernel"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(SecondKernelDiscoverer))]
public sealed class SecondKernelFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
    : FactAttribute(file, line), ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(SecondKernel.TraitName, SecondKernel.TraitValue)];
}

/// <summary>Makes a test's case.</summary>
public sealed class SecondKernelDiscoverer : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
    {
        var details = TestIntrospectionHelper.GetTestCaseDetails(discoveryOptions, testMethod, factAttribute);
        Dictionary<string, HashSet<string>> traits = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, IReadOnlyCollection<string> values) in testMethod.Traits)
        {
            traits[name] = [.. values];
        }

        return new([new SecondKernelCase(
            details.ResolvedTestMethod, details.TestCaseDisplayName, details.UniqueID, details.Explicit, details.SkipExceptions,
            details.SkipReason, details.SkipType, details.SkipUnless, details.SkipWhen, traits, sourceFilePath: details.SourceFilePath,
            sourceLineNumber: details.SourceLineNumber, timeout: details.Timeout)]);
    }
}

/// <summary>Runs a test as it is inside the second kernel, and repeats outside what came of it there.</summary>
public sealed class SecondKernelCase : XunitTestCase, ISelfExecutingXunitTestCase
{
    /// <summary>For xUnit, which then fills it in.</summary>
    [Obsolete("for xUnit only")]
    public SecondKernelCase()
    {
    }

    /// <summary>Makes a case.</summary>
    public SecondKernelCase(
        IXunitTestMethod testMethod, string testCaseDisplayName, string uniqueID, bool @explicit, Type[]? skipExceptions, string? skipReason,
        Type? skipType, string? skipUnless, string? skipWhen, Dictionary<string, HashSet<string>> traits, string? sourceFilePath,
        int? sourceLineNumber, int? timeout)
        : base(
            testMethod, testCaseDisplayName, uniqueID, @explicit, skipExceptions, skipReason, skipType, skipUnless, skipWhen, traits, null,
            sourceFilePath, sourceLineNumber, timeout)
    {
    }

    /// <inheritdoc/>
    public async ValueTask<RunSummary> Run(
        ExplicitOption explicitOption, IMessageBus messageBus, object?[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        if (SecondKernel.IsInside)
        {
            return await XunitRunnerHelper.RunXunitTestCase(
                this, messageBus, cancellationTokenSource, aggregator, explicitOption, constructorArguments);
        }

        return await RepeatingCaseRunner.Instance.Run(
            this, await CreateTests(), messageBus, aggregator, cancellationTokenSource, TestCaseDisplayName, SkipReason, explicitOption,
            constructorArguments);
    }

    private sealed class RepeatingCaseRunner : XunitTestCaseRunner
    {
        internal static new RepeatingCaseRunner Instance { get; } = new();

        protected override ValueTask<RunSummary> RunTest(XunitTestCaseRunnerContext ctxt, IXunitTest test) =>
            RepeatingRunner.Instance.Run(
                test, ctxt.MessageBus, ctxt.ConstructorArguments, ctxt.ExplicitOption, ctxt.Aggregator.Clone(), ctxt.CancellationTokenSource, []);
    }

    private sealed class RepeatingRunner : XunitTestRunner
    {
        internal static new RepeatingRunner Instance { get; } = new();

        protected override bool IsTestClassCreatable(XunitTestRunnerContext ctxt) => false;

        protected override ValueTask<TimeSpan> InvokeTest(XunitTestRunnerContext ctxt, object? testClassInstance)
        {
            Stopwatch time = Stopwatch.StartNew();
            ctxt.Aggregator.Run(() => SecondKernel.Repeat(ctxt.Test.TestDisplayName));
            return new(time.Elapsed);
        }
    }
}
